const key = 'lectern.hints';

export type Hint = 'hand' | 'talk' | 'keys' | 'people' | 'groups' | 'breakout';

/** What a person is told, in this order, the first time it concerns them. */
export const hintsFor = { student: ['hand', 'talk', 'keys'], teacher: ['people', 'groups', 'keys'] } as const satisfies Record<string, Hint[]>;

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
