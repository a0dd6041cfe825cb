import type { MeetingView, Tile } from '@/api/wire.gen';

/** A picture that comes into sight is asked for at once; sizes and what has gone wait until the screen stands still. Milliseconds. */
const URGENT_MS = 20;
const SETTLED_MS = 250;

/** The server takes no more tiles than these. */
const MAX_TILES = 100;

/** Tells the server what is on screen, no more often than needed. */
export class ViewSender {
  private tiles: Tile[] | null = null;
  private sent: Tile[] | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly ready: () => boolean,
    private readonly send: (view: MeetingView) => void,
  ) {}

  set(tiles: Tile[]): void {
    this.tiles = tiles.slice(0, MAX_TILES);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), bringsPictures(this.sent ?? [], this.tiles) ? URGENT_MS : SETTLED_MS);
  }

  /** Says it to a server that knows nothing of it yet. */
  again(): void {
    this.sent = null;
    this.flush();
  }

  close(): void {
    clearTimeout(this.timer);
  }

  private flush(): void {
    if (!this.tiles || !this.ready() || JSON.stringify(this.tiles) === JSON.stringify(this.sent)) return;
    this.sent = this.tiles;
    this.send({ tiles: this.tiles });
  }
}

/** Whether there is a picture in `after` that was not in `before`. */
export function bringsPictures(before: Tile[], after: Tile[]): boolean {
  const known = new Set(before.map(name));
  return after.some((tile) => !known.has(name(tile)));
}

const name = ({ participant_id, source }: Tile) => `${participant_id} ${source}`;
