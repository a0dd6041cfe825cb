const two = (n: number) => String(n).padStart(2, '0');

/** A moment as <input type="datetime-local"> writes it, in this device's time zone. */
export function toLocalInput(date: Date): string {
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** The moment that such a field holds, or null when it holds none. */
export function fromLocalInput(text: string): Date | null {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? null : date;
}

/** The next day at an hour. */
export function tomorrowAt(hour: number, now = new Date()): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1, hour);
}
