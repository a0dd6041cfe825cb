import type { Timeline } from '@/api/wire.gen';

/** Whether next replaces current: a newer epoch, or the same epoch with a higher version. */
export function supersedes(next: Timeline, current: Timeline | null): boolean {
  if (!current) return true;
  return next.epoch > current.epoch || (next.epoch === current.epoch && next.v > current.v);
}

/** Whether two timelines play the same thing, so that the player may stay. */
export function sameItem(a: Timeline | null, b: Timeline | null): boolean {
  const left = a?.item;
  const right = b?.item;
  if (!left || !right) return !left && !right;
  return left.kind === right.kind && left.video_id === right.video_id && left.file_id === right.file_id;
}

/** Position in seconds at a time of the server's clock (ms), never past the end where the duration (s) is known. */
export function positionAt(timeline: Timeline, serverNow: number, duration: number | null = null): number {
  const moved = timeline.playing ? (Math.max(0, serverNow - timeline.at) / 1000) * timeline.rate : 0;
  const position = Math.max(0, timeline.pos + moved);
  return duration === null ? position : Math.min(position, duration);
}
