import { type ComponentType, createContext } from 'react';
import type { Profile } from '@/api/wire.gen';

/** What src/app puts into profile cards from features of their own. */
export interface ProfileSlotsValue {
  /** `onCall` is called when one of them was pressed. */
  CallButtons?: ComponentType<{ user: Profile; onCall?: () => void }>;
}

export const ProfileSlots = createContext<ProfileSlotsValue>({});
