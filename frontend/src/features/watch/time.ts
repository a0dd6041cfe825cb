/** Seconds as 3:07 or 1:02:03. */
export function clockTime(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const rest = String(whole % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}

/** Reads 90, 1:30 or 1:02:03 as seconds; null where it is no time. */
export function parseClockTime(text: string): number | null {
  const match = /^(?:(\d{1,3}):)?(\d{1,4})(?::([0-5]?\d))?(?:\.(\d))?$/.exec(text.trim());
  if (!match) return null;
  const [, first, second, third, tenth = '0'] = match;
  const numbers = [first, second, third].filter((part) => part !== undefined).map(Number);
  if (numbers.slice(1).some((part) => part > 59)) return null;
  return numbers.reduce((sum, part) => sum * 60 + part, 0) + Number(tenth) / 10;
}
