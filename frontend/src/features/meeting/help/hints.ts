const key = 'lectern.hints';

export type Hint = 'hand' | 'talk' | 'keys' | 'people' | 'groups' | 'breakout';

interface Circumstances {
  teacher: boolean;
  /** In a group's room. */
  grouped: boolean;
  /** There is likely a keyboard. */
  keyboard: boolean;
}

/** What somebody should know now, the most pressing first. */
export function hintsFor({ teacher, grouped, keyboard }: Circumstances): Hint[] {
  const keys: Hint[] = keyboard ? ['keys'] : [];
  if (teacher) return ['people', 'groups', ...keys];
  const own: Hint[] = keyboard ? ['hand', 'talk'] : ['hand'];
  return [...(grouped ? (['breakout'] as const) : []), ...own, ...keys];
}

/** Those that were read on this device; "off" instead of them: no hints at all. */
export function seenHints(): 'off' | readonly string[] {
  const stored = localStorage.getItem(key);
  return stored === 'off' ? 'off' : (stored?.split(' ') ?? []);
}

export function sawHint(hint: Hint): void {
  const seen = seenHints();
  if (seen !== 'off') localStorage.setItem(key, [...new Set([...seen, hint])].join(' '));
}

export function switchOffHints(): void {
  localStorage.setItem(key, 'off');
}
