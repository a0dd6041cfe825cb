export { ProfileCard } from './ProfileCard';
export { ProfileSlots, type ProfileSlotsValue } from './slots';
