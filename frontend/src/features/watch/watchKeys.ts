/** What a key or a button of a video player asks for. */
export type WatchAction =
  | { kind: 'toggle' | 'mute' | 'captions' | 'fullscreen' | 'theatre' | 'next' | 'previous' }
  | { kind: 'jump'; by: number }
  | { kind: 'frame'; by: 1 | -1 }
  | { kind: 'part'; part: number }
  | { kind: 'speed'; by: 1 | -1 }
  | { kind: 'rate'; rate: number }
  | { kind: 'volume'; by: number };

export type WatchActionKind = WatchAction['kind'];

const keys: Record<string, WatchAction> = {
  ' ': { kind: 'toggle' },
  k: { kind: 'toggle' },
  j: { kind: 'jump', by: -10 },
  l: { kind: 'jump', by: 10 },
  ArrowLeft: { kind: 'jump', by: -5 },
  ArrowRight: { kind: 'jump', by: 5 },
  ',': { kind: 'frame', by: -1 },
  '.': { kind: 'frame', by: 1 },
  '<': { kind: 'speed', by: -1 },
  '>': { kind: 'speed', by: 1 },
  ArrowUp: { kind: 'volume', by: 0.05 },
  ArrowDown: { kind: 'volume', by: -0.05 },
  Home: { kind: 'part', part: 0 },
  End: { kind: 'part', part: 1 },
  m: { kind: 'mute' },
  c: { kind: 'captions' },
  f: { kind: 'fullscreen' },
  t: { kind: 'theatre' },
  N: { kind: 'next' },
  P: { kind: 'previous' },
};

/** What drives the class, or the own player of somebody who watches on their own. */
const driving: WatchActionKind[] = ['toggle', 'jump', 'frame', 'part', 'speed', 'next', 'previous'];
/** Outside of the video these keys are the room's or the page's: M is the microphone, arrows scroll. */
const nearOnly: WatchActionKind[] = ['mute', 'volume'];

/** The rates of the menu. */
export const RATES = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2];

export interface KeyPlace {
  /** The focus is on the video or its controls. */
  near: boolean;
  drives: boolean;
  /** Space outside of the video holds the microphone open for everybody but the teacher. */
  spaceTalks: boolean;
}

/** What a key means where it was pressed, or null when it is somebody else's. */
export function actionOf(key: string, { near, drives, spaceTalks }: KeyPlace): WatchAction | null {
  const action = /^\d$/.test(key) ? ({ kind: 'part', part: Number(key) / 10 } as const) : (keys[key] ?? keys[key.toLowerCase()]);
  if (!action) return null;
  if (driving.includes(action.kind) && !drives) return null;
  if (nearOnly.includes(action.kind) && !near) return null;
  if (!near && ((key === ' ' && spaceTalks) || key === 'Home' || key === 'End')) return null;
  return action;
}

/** The next rate of the menu in a direction; the same at its end. */
export function rateStep(rate: number, by: 1 | -1): number {
  const further = by > 0 ? RATES.find((other) => other > rate) : RATES.findLast((other) => other < rate);
  return further ?? rate;
}
