import type { PlaybackItem } from '@/api/wire.gen';
import type { Player, PlayerListener, PlayerState } from '@/playback/players/player';

/** A player in virtual time: it moves with performance.now() while it plays, and takes its time to start and to seek. */
export class FakePlayer implements Player {
  state: PlayerState = 'loading';
  duration: number | null = 600;
  rate = 1;
  readonly frame = 1 / 30;
  readonly video = null;
  captions: boolean | null = null;
  muted = false;
  volume = 1;
  destroyed = false;
  readonly loaded: { item: PlaybackItem; at: number }[] = [];
  readonly seeks: number[] = [];
  /** Refuses to start with sound. */
  blocks = false;
  /** From play() to a moving picture, milliseconds. */
  startMs = 60;
  /** From a seek to a place that can play, milliseconds. */
  seekMs = 50;
  private base = { t: 0, at: 0 };
  private seeking: ReturnType<typeof setTimeout> | undefined;
  private wantsPlay = false;

  constructor(public listener: PlayerListener) {}

  adopt(_host: HTMLElement, listener: PlayerListener): void {
    this.listener = listener;
  }

  load(item: PlaybackItem, at: number): void {
    this.loaded.push({ item, at });
    this.base = { t: at, at: performance.now() };
    this.state = 'loading';
  }

  /** Something happens to it that nobody asked for. */
  becomes(state: PlayerState): void {
    this.base = this.position();
    this.state = state;
    this.listener.changed();
  }

  /** It stood still while nobody looked. */
  isAt(t: number): void {
    this.base = { t, at: performance.now() };
  }

  play(): void {
    if (this.blocks && !this.muted) this.listener.blocked();
    else if (this.state === 'paused') {
      this.base = { ...this.base, at: performance.now() + this.startMs };
      this.state = 'playing';
      this.listener.changed();
    } else this.wantsPlay = true;
  }

  pause(): void {
    this.wantsPlay = false;
    if (this.state === 'playing' || this.state === 'buffering') this.becomes('paused');
  }

  seek(to: number): void {
    this.seeks.push(to);
    this.wantsPlay ||= this.state === 'playing';
    this.base = { t: to, at: performance.now() };
    this.state = 'buffering';
    clearTimeout(this.seeking);
    this.seeking = setTimeout(() => {
      this.state = 'paused';
      if (this.wantsPlay) this.play();
      else this.listener.changed();
    }, this.seekMs);
  }

  setRate(rate: number): void {
    if (rate === this.rate) return;
    if (this.state === 'playing' && performance.now() > this.base.at) this.base = this.position();
    this.rate = rate;
  }

  setVolume(volume: number): void {
    this.volume = volume;
  }

  setMuted(muted: boolean): void {
    this.muted = muted;
  }

  setCaptions(on: boolean): void {
    if (this.captions !== null) this.captions = on;
  }

  position(): { t: number; at: number } {
    const at = performance.now();
    const moved = this.state === 'playing' ? (Math.max(0, at - this.base.at) / 1000) * this.rate : 0;
    return { t: this.base.t + moved, at };
  }

  buffered(): [number, number][] {
    return [[0, 60]];
  }

  destroy(): void {
    clearTimeout(this.seeking);
    this.destroyed = true;
  }
}
