/** Something that stands at a place of the video: a stop-point or a question. */
export interface Mark {
  id: string;
  /** Seconds. */
  at: number;
  kind: 'stop' | 'question';
  text: string;
}

/** A mark as the track shows it: `count` of them stand so close together that they are drawn as one. */
export interface DrawnMark extends Mark {
  /** From 0 to 100. */
  percent: number;
  count: number;
}

/** How near in pixels the pointer takes hold of a mark, and how near marks merge. */
const NEAR_PX = 7;

export function percentOf(seconds: number, length: number): number {
  return length > 0 ? Math.min(100, Math.max(0, (seconds / length) * 100)) : 0;
}

/** Lays marks on a track of `width` pixels; those that would overlap become one that stands where the first one does. */
export function layMarks(marks: Mark[], length: number, width: number): DrawnMark[] {
  if (length <= 0) return [];
  const drawn: DrawnMark[] = [];
  for (const mark of marks.filter(({ at }) => at <= length).toSorted((a, b) => a.at - b.at)) {
    const last = drawn.at(-1);
    if (last && last.kind === mark.kind && ((mark.at - last.at) / length) * width < NEAR_PX) last.count += 1;
    else drawn.push({ ...mark, percent: percentOf(mark.at, length), count: 1 });
  }
  return drawn;
}

/** The mark that a pointer at `seconds` means, or undefined when none is near. */
export function markNear(marks: Mark[], seconds: number, length: number, width: number): Mark | undefined {
  const distance = (mark: Mark) => (Math.abs(mark.at - seconds) / length) * width;
  const [nearest] = marks.toSorted((a, b) => distance(a) - distance(b));
  return nearest && length > 0 && distance(nearest) <= NEAR_PX ? nearest : undefined;
}

/** Ranges in percent, what is behind zero or past the end cut off. */
export function bands(ranges: [number, number][], length: number): { from: number; width: number }[] {
  return ranges
    .map(([start, end]) => ({ from: percentOf(start, length), width: percentOf(end, length) - percentOf(start, length) }))
    .filter(({ width }) => width > 0);
}
