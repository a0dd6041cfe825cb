/** Reads 90, 1:30 or 1:02:03 as seconds; null where it is no time. */
export function parseClockTime(text: string): number | null {
  const match = /^(?:(\d{1,3}):)?(\d{1,4})(?::([0-5]?\d))?(?:\.(\d))?$/.exec(text.trim());
  if (!match) return null;
  const [, first, second, third, tenth = '0'] = match;
  const numbers = [first, second, third].filter((part) => part !== undefined).map(Number);
  if (numbers.slice(1).some((part) => part > 59)) return null;
  return numbers.reduce((sum, part) => sum * 60 + part, 0) + Number(tenth) / 10;
}
