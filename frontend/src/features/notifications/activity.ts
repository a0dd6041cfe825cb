const key = 'lectern.active';
/** How long without a touch of mouse or keyboard until somebody is away. */
export const AWAY_MS = 5 * 60_000;
/** How exactly the last touch is known to the other windows. */
const EVERY_MS = 10_000;

/** Whether somebody is at this browser, in whichever of its windows. */
export class Activity {
  #away = false;
  #written = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #end = new AbortController();

  constructor(private readonly changed: (away: boolean) => void) {
    const { signal } = this.#end;
    const touched = () => this.#touched();
    for (const type of ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart', 'focus']) {
      window.addEventListener(type, touched, { signal, passive: true, capture: true });
    }
    window.addEventListener('storage', (event) => event.key === key && this.#look(), { signal });
    this.#touched();
  }

  get away(): boolean {
    return this.#away;
  }

  close(): void {
    this.#end.abort();
    clearTimeout(this.#timer);
  }

  #touched(): void {
    const now = Date.now();
    if (now - this.#written < EVERY_MS && !this.#away) return;
    this.#written = now;
    localStorage.setItem(key, String(now));
    this.#look();
  }

  #look(): void {
    clearTimeout(this.#timer);
    const idle = Date.now() - Number(localStorage.getItem(key));
    const away = idle >= AWAY_MS;
    if (!away) this.#timer = setTimeout(() => this.#look(), AWAY_MS - idle);
    if (away === this.#away) return;
    this.#away = away;
    this.changed(away);
  }
}
