import type { Tile } from '@/api/wire.gen';
import { pictureSize, USUAL_RATIO } from './view';

interface Subject {
  participantId: string;
  source: Tile['source'];
  visible: boolean;
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

  close(): void {
    document.removeEventListener('visibilitychange', this.report);
    document.removeEventListener('resize', this.report, true);
    this.subjects.clear();
    this.seen.disconnect();
    this.sized.disconnect();
  }

  private readonly report = () => {
    const shown = document.visibilityState === 'visible' ? [...this.subjects] : [];
    this.onChange(
      shown
        .filter(([element, subject]) => subject.visible && element.clientWidth > 0 && element.clientHeight > 0)
        .map(([element, { participantId, source }]) => ({
          participant_id: participantId,
          source,
          ...pictureSize(source, { width: element.clientWidth, height: element.clientHeight }, ratioIn(element), devicePixelRatio),
        })),
    );
  };
}

function ratioIn(element: Element): number {
  const video = element.querySelector('video');
  return video?.videoWidth ? video.videoWidth / video.videoHeight : USUAL_RATIO;
}
