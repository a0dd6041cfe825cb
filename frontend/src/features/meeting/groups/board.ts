import type { ReactNode } from 'react';
import type { Profile } from '@/api/wire.gen';

/** Somebody on the board of groups. */
export interface BoardPerson {
  id: string;
  user: Profile;
  self?: boolean;
  /** In the plan, and not in the meeting yet. */
  absent?: boolean;
  hand?: boolean;
}

/** A room on it, or those who have none. */
export interface BoardBox {
  key: string;
  name: string;
  people: BoardPerson[];
  /** In place of the name: a field to change it, or what a teacher may do with the room. */
  head?: ReactNode;
}
