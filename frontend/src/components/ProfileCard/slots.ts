import { type ComponentType, createContext } from 'react';
import type { Profile } from '@/api/wire.gen';

/** What src/app puts into profile cards from features of their own. */
export interface ProfileSlotsValue {
  CallButtons?: ComponentType<{ user: Profile }>;
}

export const ProfileSlots = createContext<ProfileSlotsValue>({});
