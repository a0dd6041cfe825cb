import type { PlaybackItem, Timeline } from '@/api/wire.gen';

/** Whether next replaces current: a newer epoch, or the same epoch with a higher version. */
export function supersedes(next: Timeline, current: Timeline | null): boolean {
  if (!current) return true;
  return next.epoch > current.epoch || (next.epoch === current.epoch && next.v > current.v);
}

/** Whether two items are the same video, so that the player may stay. */
export function sameItem(a: PlaybackItem | null | undefined, b: PlaybackItem | null | undefined): boolean {
  if (!a || !b) return !a && !b;
  return a.kind === b.kind && a.video_id === b.video_id && a.file_id === b.file_id;
}

/** Where playing ends by itself, in seconds: the place at which the server will stop, or the end of the video; Infinity when unknown. */
export function endOf(timeline: Timeline, duration: number | null): number {
  return Math.min(timeline.until ?? Infinity, duration ?? Infinity);
}

/** Position in seconds at a time of the server's clock (ms), never past where it ends. */
export function positionAt(timeline: Timeline, serverNow: number, duration: number | null = null): number {
  if (!timeline.playing) return Math.min(timeline.pos, duration ?? Infinity);
  const moved = (Math.max(0, serverNow - timeline.at) / 1000) * timeline.rate;
  return Math.max(0, Math.min(timeline.pos + moved, endOf(timeline, duration)));
}
