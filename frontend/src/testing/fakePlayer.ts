import type { PlaybackItem } from '@/api/wire.gen';
import type { Player, PlayerListener, PlayerState } from '@/playback/players/player';

/** A player in virtual time: it moves with performance.now() while it plays. */
export class FakePlayer implements Player {
  state: PlayerState = 'loading';
  duration: number | null = 600;
  rate = 1;
  muted = false;
  volume = 1;
  destroyed = false;
  readonly loaded: { item: PlaybackItem; at: number }[] = [];
  readonly seeks: number[] = [];
  /** Refuses to start with sound. */
  blocks = false;
  private base = { t: 0, at: 0 };

  constructor(readonly listener: PlayerListener) {}

  load(item: PlaybackItem, at: number): void {
    this.loaded.push({ item, at });
    this.base = { t: at, at: performance.now() };
    this.state = 'loading';
  }

  becomes(state: PlayerState): void {
    this.base = this.position();
    this.state = state;
    this.listener.changed();
  }

  play(): void {
    if (this.blocks && !this.muted) this.listener.blocked();
    else if (this.state === 'paused') this.becomes('playing');
  }

  pause(): void {
    if (this.state === 'playing' || this.state === 'buffering') this.becomes('paused');
  }

  seek(to: number): void {
    this.seeks.push(to);
    this.base = { t: to, at: performance.now() };
  }

  setRate(rate: number): void {
    this.base = this.position();
    this.rate = rate;
  }

  setVolume(volume: number): void {
    this.volume = volume;
  }

  setMuted(muted: boolean): void {
    this.muted = muted;
  }

  position(): { t: number; at: number } {
    const at = performance.now();
    const moved = this.state === 'playing' ? ((at - this.base.at) / 1000) * this.rate : 0;
    return { t: this.base.t + moved, at };
  }

  buffered(): [number, number][] {
    return [[0, 60]];
  }

  destroy(): void {
    this.destroyed = true;
  }
}
