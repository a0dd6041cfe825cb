import type { Participant, Waiter } from '@/api/wire.gen';
import { type Role, teaches } from '@/components/roles';
import type { MeetingSnapshot } from '@/media/meetingSnapshot';

/** What the panel lists, from top to bottom. */
export type ListRow =
  | { kind: 'waiting'; key: string; count: number; waiting: Waiter[] }
  | { kind: 'waiter'; key: string; waiter: Waiter }
  | { kind: 'hands'; key: string; count: number; /** Somebody of one's own room can be called on. */ next: boolean }
  | { kind: 'people'; key: string; count: number }
  | { kind: 'person'; key: string; person: Participant; /** In the queue of hands in one's own room, from 1; 0: not in it. */ turn: number };

export interface ListFilter {
  /** Part of a name. */
  text: string;
  /** Only who is in this room of the meeting; null: everybody. */
  room: string | null;
}

const ranks: Record<Role, number> = { owner: 0, assistant: 1, student: 2 };

/** Raised hands, longest up first. */
export function handQueue(participants: Participant[]): Participant[] {
  return participants
    .filter((person) => person.hand_raised)
    .sort((a, b) => (a.hand_raised_at ?? '').localeCompare(b.hand_raised_at ?? '') || a.participant_id.localeCompare(b.participant_id));
}

/**
 * Who knocks, then raised hands in their order, then everybody else: teachers first, in the order of names. A hand in another
 * room calls for the teacher there; it stands behind those of one's own room.
 */
export function listRows(waiting: Waiter[], participants: Participant[], { text, room }: ListFilter, myRoom: string, language: string): ListRow[] {
  const wanted = text.trim().toLocaleLowerCase();
  const names = new Intl.Collator(language);
  const found = (name: string) => wanted === '' || name.toLocaleLowerCase().includes(wanted);
  const shown = (person: Participant) => found(person.user.name) && (room === null || person.room_id === room);
  const row = (person: Participant, turn: number): ListRow => ({ kind: 'person', key: person.participant_id, person, turn });

  const knocking = waiting.filter(({ user }) => found(user.name));
  // A place in the queue is the same whatever is searched for.
  const queue = handQueue(participants);
  const here = queue.filter((person) => person.room_id === myRoom);
  const hands = [...here, ...queue.filter((person) => person.room_id !== myRoom)].filter(shown).map((person) => row(person, here.indexOf(person) + 1));
  const others = participants
    .filter((person) => !person.hand_raised && shown(person))
    .sort((a, b) => ranks[a.role] - ranks[b.role] || names.compare(a.user.name, b.user.name));
  return [
    ...(knocking.length > 0 ? [{ kind: 'waiting', key: 'waiting', count: knocking.length, waiting: knocking } as const] : []),
    ...knocking.map((waiter): ListRow => ({ kind: 'waiter', key: waiter.user.id, waiter })),
    ...(hands.length > 0 ? [{ kind: 'hands', key: 'hands', count: hands.length, next: here.length > 0 } as const] : []),
    ...hands,
    ...(others.length > 0 ? [{ kind: 'people', key: 'people', count: others.length } as const] : []),
    ...others.map((person) => row(person, 0)),
  ];
}

/** The student, the one named or any, whose shared screen is heard here. */
export function heardScreen({ participants, remote }: Pick<MeetingSnapshot, 'participants' | 'remote'>, participantId?: string): Participant | undefined {
  const heard = new Set(remote.filter(({ source, muted }) => source === 'screen_audio' && !muted).map((media) => media.participantId));
  return participants.find(({ role, participant_id: id }) => role === 'student' && heard.has(id) && (participantId ?? id) === id);
}

/** What a teacher may do with somebody in the meeting; `by` is one's own role, `myRoom` the room one is in. */
export function deedsFor({ role, muted, hand_raised, may_speak, room_id }: Participant, by: Role, myRoom: string, self: boolean) {
  const teacher = teaches(by);
  const student = role === 'student';
  return {
    mute: teacher && !self && !muted,
    callOn: teacher && !self && student && !may_speak && room_id === myRoom,
    lowerHand: teacher && !self && hand_raised,
    spotlight: teacher,
    makeAssistant: by === 'owner' && !self && student,
    makeStudent: by === 'owner' && !self && role === 'assistant',
    remove: teacher && !self && (student || by === 'owner'),
  };
}
