import type { Member } from '@/api/wire.gen';
import { type Role, teaches } from '@/components/roles';

export type RoleFilter = 'all' | 'teachers' | 'students';

/** A heading or a person of the list of people. */
export type PeopleRow = { kind: 'heading'; name: 'teachers' | 'students'; count: number } | { kind: 'person'; member: Member };

const ranks: Record<Role, number> = { owner: 0, assistant: 1, student: 2 };

/** The people whose name has the text, teachers first, in each group those who are here before those who are not. */
export function peopleRows(members: Member[], text: string, filter: RoleFilter, language: string): PeopleRow[] {
  const wanted = text.trim().toLocaleLowerCase();
  const names = new Intl.Collator(language);
  const gone = (member: Member) => (member.user.presence === 'offline' ? 1 : 0);
  const sorted = members
    .filter((member) => wanted === '' || member.user.name.toLocaleLowerCase().includes(wanted))
    .sort((a, b) => ranks[a.role] - ranks[b.role] || gone(a) - gone(b) || names.compare(a.user.name, b.user.name));
  const groups = [
    ['teachers', sorted.filter((member) => teaches(member.role))],
    ['students', sorted.filter((member) => !teaches(member.role))],
  ] as const;
  return groups
    .filter(([name, people]) => people.length > 0 && (filter === 'all' || filter === name))
    .flatMap(([name, people]) => [{ kind: 'heading', name, count: people.length } as const, ...people.map((member) => ({ kind: 'person', member }) as const)]);
}
