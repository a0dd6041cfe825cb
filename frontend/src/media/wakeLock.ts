/** Keeps the screen on while that is wanted and the page is seen; where the browser has no such lock, nothing happens. */
export class WakeLock {
  private wanted = false;
  private lock: Promise<WakeLockSentinel | null> | null = null;

  constructor() {
    document.addEventListener('visibilitychange', this.onVisible);
  }

  set(wanted: boolean): void {
    if (wanted === this.wanted) return;
    this.wanted = wanted;
    if (wanted) this.hold();
    else this.release();
  }

  close(): void {
    document.removeEventListener('visibilitychange', this.onVisible);
    this.set(false);
  }

  private hold(): void {
    if (!('wakeLock' in navigator) || document.visibilityState === 'hidden') return;
    // Refused on a low battery; then the screen goes dark as it always does.
    this.lock = navigator.wakeLock.request('screen').catch(() => null);
  }

  private release(): void {
    void this.lock?.then((lock) => lock?.release());
    this.lock = null;
  }

  /** Browsers let go of it when the page is hidden. */
  private readonly onVisible = () => {
    if (this.wanted && document.visibilityState === 'visible') {
      this.release();
      this.hold();
    }
  };
}
