import type { Tile } from '@/api/wire.gen';
import { type Box, pictureSize, USUAL_RATIO } from './view';

interface Subject {
  participantId: string;
  source: Tile['source'];
  visible: boolean;
}

/** A picture in a window of its own, which shows even when the page does not. */
export interface Floating {
  participantId: string;
  source: Tile['source'];
  box: Box;
}

/** Knows which pictures are on screen and how large, and says so when it changes. Nobody sees a hidden page. */
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
  private floating: Floating | null = null;

  constructor(private readonly onChange: (tiles: Tile[]) => void) {
    document.addEventListener('visibilitychange', this.report);
    // A video tells the size of its picture by an event that does not bubble.
    document.addEventListener('resize', this.report, true);
  }

  observe(element: Element, participantId: string, source: Tile['source']): () => void {
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

  float(floating: Floating | null): void {
    this.floating = floating;
    this.report();
  }

  close(): void {
    document.removeEventListener('visibilitychange', this.report);
    document.removeEventListener('resize', this.report, true);
    this.subjects.clear();
    this.seen.disconnect();
    this.sized.disconnect();
  }

  private readonly report = () => {
    const shown = document.visibilityState === 'visible' ? [...this.subjects] : [];
    const tiles = shown
      .filter(([element, subject]) => subject.visible && element.clientWidth > 0 && element.clientHeight > 0)
      .map(([element, { participantId, source }]): Tile => ({
        participant_id: participantId,
        source,
        ...pictureSize(source, { width: element.clientWidth, height: element.clientHeight }, ratioIn(element), devicePixelRatio),
      }));
    this.onChange(this.floating ? withFloating(tiles, this.floating) : tiles);
  };
}

/** The same picture may be on the page, too: the larger one counts. */
function withFloating(tiles: Tile[], { participantId, source, box }: Floating): Tile[] {
  const size = pictureSize(source, box, USUAL_RATIO, devicePixelRatio);
  const same = (tile: Tile) => tile.participant_id === participantId && tile.source === source;
  if (tiles.some((tile) => same(tile) && tile.width >= size.width)) return tiles;
  return [...tiles.filter((tile) => !same(tile)), { participant_id: participantId, source, ...size }];
}

function ratioIn(element: Element): number {
  const video = element.querySelector('video');
  return video?.videoWidth ? video.videoWidth / video.videoHeight : USUAL_RATIO;
}
