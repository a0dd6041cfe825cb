import { expect, test } from 'vitest';
import type { Member } from '@/api/wire.gen';
import { peopleRows } from './people';

function member(name: string, role: Member['role'], presence: Member['user']['presence'] = 'offline'): Member {
  return { role, joined_at: '', user: { id: name, name, avatar_url: null, presence } };
}

const members = [member('Zoe', 'student', 'away'), member('Ann', 'student'), member('王老師', 'owner'), member('Ben', 'student', 'online'), member('Tess', 'assistant', 'dnd')];
const names = (rows: ReturnType<typeof peopleRows>) => rows.map((row) => (row.kind === 'heading' ? `${row.name} ${row.count}` : row.member.user.name));

test('teachers come first, then whoever is here, then by name', () => {
  expect(names(peopleRows(members, '', 'all', 'en'))).toEqual(['teachers 2', '王老師', 'Tess', 'students 3', 'Ben', 'Zoe', 'Ann']);
});

test('text and role narrow the list', () => {
  expect(names(peopleRows(members, 'e', 'students', 'en'))).toEqual(['students 2', 'Ben', 'Zoe']);
  expect(names(peopleRows(members, '王', 'all', 'zh-TW'))).toEqual(['teachers 1', '王老師']);
  expect(peopleRows(members, 'nobody', 'all', 'en')).toEqual([]);
});
