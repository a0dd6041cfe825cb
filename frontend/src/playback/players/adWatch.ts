/** What YouTube's player says about itself at one moment. */
export interface Showing {
  /** performance.now() */
  now: number;
  videoId: string | undefined;
  duration: number;
  position: number;
  rate: number;
}

const STUCK_MS = 1_500;
const SHORTER_S = 1;

/**
 * Tells advertisements, for which the player has no event, while it says that it plays: another video id, a length that is
 * not the video's, or a position that stands still. The video's own length is the longest seen.
 */
export class AdWatch {
  private duration = 0;
  private seen: Showing[] = [];

  constructor(private readonly videoId: string) {}

  showsAd(showing: Showing): boolean {
    this.duration = Math.max(this.duration, showing.duration);
    if (showing.videoId && showing.videoId !== this.videoId) return this.forget();
    if (showing.duration > 0 && showing.duration < this.duration - SHORTER_S) return this.forget();
    this.seen = [...this.seen.filter(({ now }) => showing.now - now <= STUCK_MS + 500), showing];
    const before = this.seen.find(({ now }) => showing.now - now >= STUCK_MS);
    return before !== undefined && showing.position - before.position < 0.3 * showing.rate && showing.position >= before.position;
  }

  /** The player did not play or jumped: what was seen before says nothing. */
  interrupted(): void {
    this.seen = [];
  }

  private forget(): true {
    this.seen = [];
    return true;
  }
}
