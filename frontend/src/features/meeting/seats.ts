import { Store } from '@/media/store';

export interface SeatsSnapshot {
  /** Participants in the order of their seats; without oneself. */
  order: readonly string[];
  /** Who spoke last, of the others. */
  speaker: string | null;
}

/** How long nobody speaks until the stage is the teacher's again; milliseconds. */
const QUIET_MS = 60_000;

/**
 * Who sits where. Seats stay as they are, so that nobody has to be looked for: who speaks on a later page changes places with the
 * one of the first page who has been silent longest, and who goes up on the stage with the one who comes down. After a quiet minute
 * the teacher goes up. Nobody moves under the pointer, and none at all while a later page is read.
 */
export class Seats {
  private readonly store = new Store<SeatsSnapshot>({ order: [], speaker: null });
  /** When somebody was heard last, counted in changes. */
  private readonly heard = new Map<string, number>();
  private count = 0;
  private speaking: readonly string[] = [];
  private host: string | null = null;
  private quiet = false;
  private quietTimer: ReturnType<typeof setTimeout> | undefined;
  private firstPage: readonly string[] = [];
  private onStage: readonly string[] = [];
  private swaps = false;
  private held = false;
  private touched: readonly string[] = [];

  readonly snapshot = this.store.get;
  readonly subscribe = this.store.subscribe;

  /** Those who are here, without oneself: new ones sit down at the end. `host` is a teacher among them. */
  seat(ids: readonly string[], host: string | null): void {
    const { order, speaker } = this.snapshot();
    this.host = host;
    this.store.patch({ order: seated(order, ids), speaker: speaker !== null && ids.includes(speaker) ? speaker : null });
  }

  /** Who can be seen without turning a page, who is on the stage, and whether whoever speaks goes up there. */
  show(firstPage: readonly string[], onStage: readonly string[], followsSpeaker: boolean): void {
    this.firstPage = firstPage;
    this.onStage = onStage;
    this.swaps = followsSpeaker;
  }

  /** Loudest first. */
  hear(speaking: readonly string[]): void {
    this.speaking = speaking;
    this.count += 1;
    for (const id of speaking) this.heard.set(id, this.count);
    this.quiet = false;
    clearTimeout(this.quietTimer);
    if (speaking.length === 0 && this.snapshot().speaker !== null) this.quietTimer = setTimeout(() => this.fallQuiet(), QUIET_MS);
    this.move();
  }

  close(): void {
    clearTimeout(this.quietTimer);
  }

  hold(held: boolean): void {
    if (held === this.held) return;
    this.held = held;
    this.move();
  }

  /** Whose tiles the pointer is over, or the keyboard's focus in. */
  touch(ids: readonly string[]): void {
    this.touched = ids;
    this.move();
  }

  private fallQuiet(): void {
    this.quiet = true;
    this.move();
  }

  private move(): void {
    const { order: before, speaker: last } = this.snapshot();
    const here = this.speaking.filter((id) => before.includes(id));
    const loudest = here[0] ?? (this.quiet ? this.host : null);
    if (this.held || loudest === null) return;
    // Somebody who goes on speaking is not left for a louder word.
    const speaker = last !== null && here.includes(last) ? last : loudest;
    let order = before;
    if (this.swaps) {
      if (this.touched.includes(speaker) || (last !== null && this.touched.includes(last))) return;
      if (last !== null && last !== speaker) order = this.broughtForward(this.takenTurns(order, last, speaker), last);
    } else {
      for (const id of here) order = this.broughtForward(order, id);
    }
    this.store.patch({ order, speaker });
  }

  /** Who comes down from the stage sits where the next one sat. */
  private takenTurns(order: readonly string[], down: string, up: string): readonly string[] {
    this.firstPage = this.firstPage.map((id) => (id === up ? down : id));
    this.onStage = [up];
    return swapped(order, down, up);
  }

  private broughtForward(order: readonly string[], id: string): readonly string[] {
    if (this.firstPage.includes(id) || this.onStage.includes(id)) return order;
    const silent = this.firstPage.filter((other) => order.includes(other) && !this.speaking.includes(other) && !this.touched.includes(other));
    const quietest = silent.reduce<string | null>((found, other) => (found !== null && this.lastHeard(found) < this.lastHeard(other) ? found : other), null);
    if (quietest === null) return order;
    this.firstPage = this.firstPage.map((other) => (other === quietest ? id : other));
    return swapped(order, quietest, id);
  }

  private lastHeard(id: string): number {
    return this.heard.get(id) ?? 0;
  }
}

/** The same order, without those who have gone, with the new ones at the end; the same array where nothing changed. */
export function seated(order: readonly string[], ids: readonly string[]): readonly string[] {
  const stayed = order.filter((id) => ids.includes(id));
  const came = ids.filter((id) => !order.includes(id));
  return stayed.length === order.length && came.length === 0 ? order : [...stayed, ...came];
}

function swapped(order: readonly string[], a: string, b: string): readonly string[] {
  return order.map((id) => (id === a ? b : id === b ? a : id));
}
