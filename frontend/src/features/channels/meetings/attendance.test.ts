import { expect, test } from 'vitest';
import type { AttendanceRow, Member } from '@/api/wire.gen';
import { absentees, segments, share, sortRows } from './attendance';

const at = (minute: number) => new Date(Date.UTC(2026, 2, 2, 1, minute)).toISOString();
const user = (name: string) => ({ id: name, name, avatar_url: null, presence: 'online' as const });
const row = (name: string, student_number: string, seconds: number): AttendanceRow => ({ user: user(name), student_number, seconds, intervals: [] });
const member = (name: string, role: Member['role'], joined: number): Member => ({ user: user(name), role, joined_at: at(joined) });

test('the bar shows when somebody was there, up to now where that goes on', () => {
  const intervals = [
    { joined_at: at(10), left_at: at(20) },
    { joined_at: at(30), left_at: null },
  ];
  const [first, second] = segments(intervals, at(0), Date.parse(at(40)));
  expect(first).toEqual({ from: 0.25, length: 0.25 });
  expect(second).toEqual({ from: 0.75, length: 0.25 });
});

test('what a clock that differs says stays within the bar', () => {
  expect(segments([{ joined_at: at(0), left_at: at(59) }], at(10), Date.parse(at(40)))).toEqual([{ from: 0, length: 1 }]);
});

test('the share is never more than all, and none of nothing', () => {
  expect(share(30, 60)).toBe(0.5);
  expect(share(61, 60)).toBe(1);
  expect(share(0, 0)).toBe(0);
});

test('absent are students who were members by then', () => {
  const members = [member('Yu', 'student', 0), member('Hao', 'student', 0), member('Mei', 'student', 0), member('New', 'student', 50), member('Ms Lin', 'owner', 0)];
  const missing = absentees([row('Mei', '', 9)], members, Date.parse(at(40)), 'en');
  expect(missing.map((one) => one.user.name)).toEqual(['Hao', 'Yu']);
});

test('sorted by number, those without come last; numbers count as numbers', () => {
  const rows = [row('a', '', 5), row('b', 'B10', 3), row('c', 'B9', 4)];
  expect(sortRows(rows, 'number', 'en').map((one) => one.user.name)).toEqual(['c', 'b', 'a']);
  expect(sortRows(rows, 'present', 'en').map((one) => one.user.name)).toEqual(['a', 'c', 'b']);
  expect(sortRows(rows, 'joined', 'en')).toEqual(rows);
});
