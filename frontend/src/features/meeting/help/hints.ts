export type Hint = 'hand' | 'talk' | 'keys' | 'people' | 'groups' | 'breakout';

/** In the place of a hint that was seen: no hints at all. */
export const noHints = 'off';

interface Circumstances {
  teacher: boolean;
  /** In a group's room. */
  grouped: boolean;
  /** There is likely a keyboard. */
  keyboard: boolean;
}

/** What somebody should know now, the most pressing first. */
function hintsFor({ teacher, grouped, keyboard }: Circumstances): Hint[] {
  const keys: Hint[] = keyboard ? ['keys'] : [];
  if (teacher) return ['people', 'groups', ...keys];
  const own: Hint[] = keyboard ? ['hand', 'talk'] : ['hand'];
  return [...(grouped ? (['breakout'] as const) : []), ...own, ...keys];
}

/** What somebody who has seen some hints should know next, if anything. */
export function nextHint(circumstances: Circumstances, seen: readonly string[]): Hint | undefined {
  if (seen.includes(noHints)) return undefined;
  return hintsFor(circumstances).find((hint) => !seen.includes(hint));
}
