import type { AttendanceInterval, AttendanceRow, Meeting, Member } from '@/api/wire.gen';

export type MeetingTimes = Pick<Meeting, 'id' | 'started_at' | 'ended_at'>;

/** A stretch of a bar, in parts of its length. */
export interface Segment {
  from: number;
  length: number;
}

/** What of the time between two moments somebody was there; an interval that goes on reaches to the end. */
export function segments(intervals: AttendanceInterval[], startedAt: string, until: number): Segment[] {
  const start = Date.parse(startedAt);
  const whole = Math.max(1, until - start);
  const place = (at: number) => Math.min(1, Math.max(0, (at - start) / whole));
  return intervals.map(({ joined_at, left_at }) => {
    const from = place(Date.parse(joined_at));
    return { from, length: place(left_at === null ? until : Date.parse(left_at)) - from };
  });
}

/** How much of the time it was held somebody was there, from 0 to 1. */
export function share(seconds: number, held: number): number {
  return held <= 0 ? 0 : Math.min(1, seconds / held);
}

/** Students of the channel who were not there, though they were members by then. */
export function absentees(rows: AttendanceRow[], members: Member[], until: number, language: string): Member[] {
  const present = new Set(rows.map(({ user }) => user.id));
  const names = new Intl.Collator(language);
  return members
    .filter(({ user, role, joined_at }) => role === 'student' && !present.has(user.id) && Date.parse(joined_at) < until)
    .sort((a, b) => names.compare(a.user.name, b.user.name));
}

export type SortKey = 'joined' | 'name' | 'number' | 'present';

export function sortRows(rows: AttendanceRow[], key: SortKey, language: string): AttendanceRow[] {
  const words = new Intl.Collator(language, { numeric: true });
  const by: Record<SortKey, (a: AttendanceRow, b: AttendanceRow) => number> = {
    joined: () => 0, // as the server lists them
    name: (a, b) => words.compare(a.user.name, b.user.name),
    // Who has none comes last.
    number: (a, b) => Number(a.student_number === '') - Number(b.student_number === '') || words.compare(a.student_number, b.student_number),
    present: (a, b) => b.seconds - a.seconds,
  };
  return [...rows].sort(by[key]);
}
