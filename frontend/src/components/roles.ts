import type { Member } from '@/api/wire.gen';

export type Role = Member['role'];

/** Owners and assistants teach: they start lessons, pin, moderate and invite. */
export function teaches(role: Role): boolean {
  return role !== 'student';
}
