import type { PlaybackItem } from '@/api/wire.gen';

export type PlayerState = 'loading' | 'paused' | 'playing' | 'buffering' | 'ad' | 'ended' | 'failed';

/** Why a video cannot play; each has its own sentence on screen. */
export type PlayerProblem =
  | 'bad_link'
  | 'not_found'
  | 'embedding_disabled'
  | 'no_referrer'
  | 'youtube_player'
  | 'youtube_unreachable'
  | 'network'
  | 'format';

export interface PlayerListener {
  /** State, duration, rate or buffer is another than before. */
  changed(): void;
  /** The browser refuses to start without a tap. */
  blocked(): void;
  failed(problem: PlayerProblem): void;
}

/** One video, of whatever kind, as the session drives it. Positions in seconds, times on performance.now(). */
export interface Player {
  readonly state: PlayerState;
  /** Seconds; null while unknown or endless. */
  readonly duration: number | null;
  /** The rate the player says it runs at. */
  readonly rate: number;
  /** Seconds of one picture, as far as known. */
  readonly frame: number;
  /** Whether captions show; null where there are none to switch. */
  readonly captions: boolean | null;
  /** What its source calls it; missing where only the server knows. */
  readonly title?: string | null;
  /** The element, for picture-in-picture; null where a page may not have it. */
  readonly video: HTMLVideoElement | null;
  /** A player that was prepared out of sight comes on stage. */
  adopt(host: HTMLElement, listener: PlayerListener): void;
  /** Prepares an item at a position without playing it. */
  load(item: PlaybackItem, at: number): void;
  play(): void;
  pause(): void;
  seek(to: number): void;
  setRate(rate: number): void;
  /** Volume from 0 to 1. */
  setVolume(volume: number): void;
  setMuted(muted: boolean): void;
  setCaptions(on: boolean): void;
  position(): { t: number; at: number };
  /** What is loaded, as [from, to] in seconds. */
  buffered(): [number, number][];
  destroy(): void;
}
