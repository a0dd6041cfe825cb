/** What this device remembers about watching, across meetings. */
export interface WatchPreferences {
  /** 0 to 1. */
  volume: number;
  /** Milliseconds that this device's sound comes late. */
  offsetMs: number;
  captions: boolean;
}

export const OFFSET_MS = { min: -300, max: 1_000 };

const KEYS = { volume: 'lectern.watch.volume', offsetMs: 'lectern.watch.offset', captions: 'lectern.watch.captions' };

export function remembered(): WatchPreferences {
  return {
    volume: within(localStorage.getItem(KEYS.volume), 0, 1, 1),
    offsetMs: within(localStorage.getItem(KEYS.offsetMs), OFFSET_MS.min, OFFSET_MS.max, 0),
    captions: localStorage.getItem(KEYS.captions) === 'true',
  };
}

export function remember<K extends keyof WatchPreferences>(key: K, value: WatchPreferences[K]): void {
  localStorage.setItem(KEYS[key], String(value));
}

function within(text: string | null, low: number, high: number, otherwise: number): number {
  const value = Number(text);
  return text !== null && value >= low && value <= high ? value : otherwise;
}
