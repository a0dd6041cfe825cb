import type { Tile, TrackSourceName } from '@/api/wire.gen';

interface Subject {
  participantId: string;
  source: TrackSourceName;
  visible: boolean;
}

/** Small changes of size are none: sizes go out in steps of this many pixels. */
const STEP = 16;

/** Knows which pictures are on screen and how large, and says so when it changes. */
export class ViewTracker {
  private readonly subjects = new Map<Element, Subject>();
  private readonly seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      const subject = this.subjects.get(entry.target);
      if (subject) subject.visible = entry.isIntersecting;
    }
    this.report();
  });
  private readonly sized = new ResizeObserver(() => this.report());

  constructor(private readonly onChange: (tiles: Tile[]) => void) {
    document.addEventListener('visibilitychange', this.report);
  }

  observe(element: Element, participantId: string, source: TrackSourceName): () => void {
    this.subjects.set(element, { participantId, source, visible: false });
    this.seen.observe(element);
    this.sized.observe(element);
    return () => {
      this.subjects.delete(element);
      this.seen.unobserve(element);
      this.sized.unobserve(element);
      this.report();
    };
  }

  close(): void {
    document.removeEventListener('visibilitychange', this.report);
    this.subjects.clear();
    this.seen.disconnect();
    this.sized.disconnect();
  }

  private readonly report = () => {
    const shown = document.visibilityState === 'visible' ? [...this.subjects] : [];
    this.onChange(
      shown
        .filter(([, subject]) => subject.visible)
        .map(([element, { participantId, source }]) => ({
          participant_id: participantId,
          source,
          width: inSteps(element.clientWidth),
          height: inSteps(element.clientHeight),
        })),
    );
  };
}

function inSteps(cssPixels: number): number {
  return Math.ceil((cssPixels * devicePixelRatio) / STEP) * STEP;
}
