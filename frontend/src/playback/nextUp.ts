import type { PlaybackItem, Playlist } from '@/api/wire.gen';

/** How long before the end of an item the next one begins to load, seconds. */
const PREPARE_S = 30;

/** Has the next film of the playlist loaded out of sight before the present one ends, so that going on needs no pause. */
export class NextUp {
  playlist: Playlist | null = null;
  private asked: string | null = null;

  constructor(
    private readonly freshUrl: (fileId: string) => Promise<string>,
    private readonly prepare: (item: PlaybackItem) => void,
  ) {}

  /** Looks while an entry of the playlist plays that has so many seconds left. */
  look(left: number): void {
    if (!this.playlist || !(left < PREPARE_S)) return;
    const { entries, current_id } = this.playlist;
    const index = entries.findIndex(({ id }) => id === current_id);
    const entry = entries.slice(index + 1).find(({ problem }) => problem === '');
    const item = entry?.item;
    if (!entry || item?.kind !== 'file' || !item.file_id || this.asked === entry.id) return;
    this.asked = entry.id;
    this.freshUrl(item.file_id).then(
      (url) => this.prepare({ ...item, url }),
      () => undefined,
    );
  }
}
