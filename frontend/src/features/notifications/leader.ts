/**
 * Of all windows of this browser one speaks for them: the one that holds a lock. When it closes, another one gets it.
 * Without locks (on http) a window speaks while it is in view.
 */
export class Leader {
  #leads = false;
  readonly #end = new AbortController();
  readonly #locks: LockManager | undefined;

  constructor(name = 'lectern.speaker', locks: LockManager | undefined = navigator.locks) {
    this.#locks = locks;
    const held = new Promise<void>((release) => this.#end.signal.addEventListener('abort', () => release()));
    locks
      ?.request(name, { signal: this.#end.signal }, () => {
        this.#leads = true;
        return held;
      })
      .catch(() => undefined); // given up before it was got
  }

  get leads(): boolean {
    return this.#locks ? this.#leads : document.visibilityState === 'visible';
  }

  close(): void {
    this.#leads = false;
    this.#end.abort();
  }
}

const PREFIX = 'lectern.looking:';

/** Says, to all windows of this browser, that this one shows a place to somebody who looks at it. Answers the end of it. */
export function lookAt(place: string, locks: LockManager | undefined = navigator.locks): () => void {
  const end = new AbortController();
  const held = new Promise<void>((release) => end.signal.addEventListener('abort', () => release()));
  locks?.request(PREFIX + place, { mode: 'shared', signal: end.signal }, () => held).catch(() => undefined);
  return () => end.abort();
}

/** Whether some window of this browser shows a place to somebody who looks at it. */
export async function isLookedAt(place: string, locks: LockManager | undefined = navigator.locks): Promise<boolean> {
  const { held = [] } = (await locks?.query()) ?? {};
  return held.some((lock) => lock.name === PREFIX + place);
}
