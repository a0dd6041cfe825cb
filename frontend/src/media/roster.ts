import type { Participant } from '@/api/wire.gen';

/** Puts a participant in, or replaces the one with the same id in its place, so that tiles do not move. */
export function withParticipant(participants: Participant[], next: Participant): Participant[] {
  const known = participants.some((p) => p.participant_id === next.participant_id);
  return known ? participants.map((p) => (p.participant_id === next.participant_id ? next : p)) : [...participants, next];
}

export function withoutParticipant(participants: Participant[], id: string): Participant[] {
  return participants.filter((p) => p.participant_id !== id);
}

/** A fresh list after coming back, with those who were there before in the places they had. */
export function reconcile(before: Participant[], after: Participant[]): Participant[] {
  const place = new Map(before.map((p, index) => [p.participant_id, index]));
  const rank = (p: Participant) => place.get(p.participant_id) ?? before.length;
  return [...after].sort((a, b) => rank(a) - rank(b));
}
