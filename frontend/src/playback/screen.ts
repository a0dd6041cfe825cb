import type { PlaybackItem } from '@/api/wire.gen';
import type { MakePlayer } from './players/makePlayer';
import type { Player, PlayerListener, PlayerProblem } from './players/player';
import { sameItem } from './timeline';

export interface ScreenOptions {
  make: MakePlayer;
  /** A fresh address of a file whose old one has run out. */
  freshUrl: (fileId: string) => Promise<string>;
  /** Where an item should be loaded now, in seconds. */
  startOf: (item: PlaybackItem) => number;
  onChange: () => void;
}

const ignore = () => undefined;
const deaf: PlayerListener = { changed: ignore, blocked: ignore, failed: ignore };

/** The place where a video is seen and heard: holds the one player of a window, and the next one while it loads out of sight. */
export class Screen {
  player: Player | null = null;
  problem: PlayerProblem | null = null;
  needsTap = false;
  private kind: PlaybackItem['kind'] | null = null;
  private item: PlaybackItem | null = null;
  private spare: { item: PlaybackItem; player: Player } | null = null;
  private host: HTMLElement | null = null;
  private refreshed = false;
  private volume = 1;
  private muted = false;
  private captions = false;
  private readonly listener: PlayerListener;

  constructor(private readonly options: ScreenOptions) {
    this.listener = { changed: options.onChange, blocked: () => this.onBlocked(), failed: (problem) => this.onFailed(problem) };
  }

  attach(host: HTMLElement | null): void {
    if (host === this.host) return;
    const loading = this.host === null ? this.player : null;
    this.host = host;
    if (loading && host) return loading.adopt(host, this.listener);
    this.discard();
    if (host && this.item) this.open(this.item);
  }

  /** Whether the video can be seen. */
  get attached(): boolean {
    return this.host !== null;
  }

  show(item: PlaybackItem | null): void {
    this.item = item;
    if (item) this.open(item);
    else this.discard();
  }

  /**
   * Loads what will probably come next, so that the change needs no pause. Files only: a hidden YouTube player would be
   * against its terms.
   */
  prepare(item: PlaybackItem | null): void {
    if (sameItem(item, this.spare?.item)) return;
    this.spare?.player.destroy();
    this.spare = null;
    if (item?.kind !== 'file' || !item.url || sameItem(item, this.item)) return;
    const player = this.options.make(item.kind, document.createElement('div'), deaf);
    player.setMuted(true);
    player.load(item, item.start ?? 0);
    this.spare = { item, player };
  }

  /** Gives a player that failed another try. */
  retry(): void {
    this.discard();
    if (this.item) this.open(this.item);
  }

  setVolume(volume: number): void {
    this.volume = volume;
    this.player?.setVolume(volume);
  }

  setMuted(muted: boolean): void {
    this.muted = muted;
    this.player?.setMuted(muted || this.needsTap);
  }

  setCaptions(on: boolean): void {
    this.captions = on;
    this.player?.setCaptions(on);
  }

  /** The gesture came: sound may play. */
  tap(playing: boolean): void {
    this.needsTap = false;
    this.player?.setMuted(this.muted);
    if (playing) this.player?.play();
  }

  close(): void {
    this.prepare(null);
    this.show(null);
    this.host = null;
  }

  private open(item: PlaybackItem): void {
    // A film begins to load before its place on the page is there.
    const host = this.host ?? (item.kind === 'file' ? document.createElement('div') : null);
    if (!host) return;
    const ready = this.spare && sameItem(item, this.spare.item) ? this.spare.player : null;
    if (ready || this.kind !== item.kind) this.discard();
    this.kind = item.kind;
    this.problem = null;
    this.refreshed = false;
    if (ready) {
      this.spare = null;
      ready.adopt(host, this.listener);
    }
    this.player ??= ready ?? this.options.make(item.kind, host, this.listener);
    this.player.setVolume(this.volume);
    this.player.setMuted(this.muted || this.needsTap);
    this.player.setCaptions(this.captions);
    if (!ready) this.player.load(item, this.options.startOf(item));
  }

  private discard(): void {
    this.player?.destroy();
    this.player = null;
    this.kind = null;
    this.problem = null;
    this.needsTap = false;
  }

  /** Without a tap only a silent start is allowed: follow in silence and ask for the tap. */
  private onBlocked(): void {
    if (!this.needsTap) {
      this.needsTap = true;
      this.player?.setMuted(true);
      this.player?.play();
    }
    this.options.onChange();
  }

  private onFailed(problem: PlayerProblem): void {
    const { item, player } = this;
    if (item?.kind === 'file' && item.file_id && !this.refreshed) {
      this.refreshed = true;
      this.options.freshUrl(item.file_id).then(
        (url) => {
          if (player === this.player && item === this.item) player?.load({ ...item, url }, this.options.startOf(item));
        },
        () => this.giveUp(problem),
      );
      return;
    }
    this.giveUp(problem);
  }

  private giveUp(problem: PlayerProblem): void {
    this.problem = problem;
    this.options.onChange();
  }
}
