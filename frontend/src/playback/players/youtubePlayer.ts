import type { PlaybackItem } from '@/api/wire.gen';
import { AdWatch } from './adWatch';
import type { Player, PlayerListener, PlayerProblem, PlayerState } from './player';
import { loadYouTubeApi, type YouTubePlayerApi } from './youtubeApi';

// Numbers of the player's states and errors, from the API's reference.
const ENDED = 0;
const PLAYING = 1;
const PAUSED = 2;
const BUFFERING = 3;
const CUED = 5;

const problems: Record<number, PlayerProblem> = {
  2: 'bad_link',
  5: 'youtube_player',
  100: 'not_found',
  101: 'embedding_disabled',
  150: 'embedding_disabled',
  153: 'no_referrer',
};

const LOOK_MS = 250;
const RATE_AGAIN_MS = 1_000;
/** An order to play that has no effect for so long was refused without a word, milliseconds. */
const SILENT_REFUSAL_MS = 4_000;

/**
 * A YouTube video in its own iframe. Loading primes it: it plays silently until the first picture moves and waits there, so
 * that a later start needs no buffering, advertisements come before the class begins, and refused embedding shows at once.
 * Commands given before the iframe is ready are kept and given then.
 */
export class YouTubePlayer implements Player {
  readonly frame = 1 / 30;
  readonly video = null;
  private api: YouTubePlayerApi | null = null;
  private ready = false;
  private destroyed = false;
  private problem = false;
  private code = -1;
  private item: PlaybackItem | null = null;
  private ads = new AdWatch('');
  private ad = false;
  private primed = false;
  private startAt = 0;
  private wantsPlay = false;
  private playAskedAt: number | null = null;
  private rateAsked = { rate: 1, at: -Infinity };
  private volume = 1;
  private muted = false;
  private captionsOn = false;
  private hasCaptions = false;
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(
    private host: HTMLElement,
    private listener: PlayerListener,
  ) {}

  get state(): PlayerState {
    if (this.problem) return 'failed';
    if (!this.ready) return 'loading';
    if (this.ad) return 'ad';
    if (!this.primed) return 'loading';
    switch (this.code) {
      case ENDED:
        return 'ended';
      case PLAYING:
        return 'playing';
      case BUFFERING:
        return this.wantsPlay ? 'buffering' : 'paused';
      case PAUSED:
      case CUED:
        return 'paused';
      default:
        return this.wantsPlay ? 'buffering' : 'paused';
    }
  }

  get duration(): number | null {
    return (this.ready && this.api?.getDuration()) || this.item?.duration || null;
  }

  get rate(): number {
    return (this.ready && this.api?.getPlaybackRate()) || 1;
  }

  /** What YouTube calls it; null while unknown. */
  get title(): string | null {
    return (this.ready && this.api?.getVideoData?.().title) || null;
  }

  get captions(): boolean | null {
    return this.hasCaptions ? this.captionsOn : null;
  }

  adopt(host: HTMLElement, listener: PlayerListener): void {
    this.host = host;
    this.listener = listener;
  }

  load(item: PlaybackItem, at: number): void {
    this.item = item;
    this.ads = new AdWatch(item.video_id ?? '');
    this.ad = false;
    this.startAt = at;
    this.problem = false;
    this.wantsPlay = false;
    this.primed = false;
    this.code = -1;
    this.rateAsked = { rate: 1, at: -Infinity };
    this.hasCaptions = false;
    if (this.ready) this.prime();
    else if (!this.api) void this.create();
  }

  play(): void {
    this.wantsPlay = true;
    if (this.code !== PLAYING && this.code !== BUFFERING) this.playAskedAt ??= performance.now();
    if (this.ready) this.api?.playVideo();
  }

  pause(): void {
    this.wantsPlay = false;
    this.playAskedAt = null;
    if (this.ready) this.api?.pauseVideo();
  }

  seek(to: number): void {
    this.startAt = to;
    this.ads.interrupted();
    if (!this.ready) return;
    // A cued or ended video would start playing on seekTo; cueing it anew keeps it still.
    if (this.code === CUED || this.code === ENDED) this.cue();
    else this.api?.seekTo(to, true);
  }

  setRate(rate: number): void {
    if (!this.ready || Math.abs(this.rate - rate) < 0.001) return;
    const now = performance.now();
    // A rate that is not on the player's grid is not asked for ten times a second.
    if (this.rateAsked.rate === rate && now - this.rateAsked.at < RATE_AGAIN_MS) return;
    this.rateAsked = { rate, at: now };
    this.api?.setPlaybackRate(rate);
  }

  setVolume(volume: number): void {
    this.volume = volume;
    if (this.ready) this.api?.setVolume(Math.round(volume * 100));
  }

  setMuted(muted: boolean): void {
    this.muted = muted;
    if (!this.ready) return;
    if (muted || !this.primed) this.api?.mute();
    else this.api?.unMute();
  }

  setCaptions(on: boolean): void {
    this.captionsOn = on;
    if (!this.ready) return;
    if (on) this.api?.loadModule?.('captions');
    else this.api?.unloadModule?.('captions');
  }

  position(): { t: number; at: number } {
    const still = !this.ready || this.code === CUED || this.code === -1;
    return { t: still ? this.startAt : (this.api?.getCurrentTime() ?? this.startAt), at: performance.now() };
  }

  buffered(): [number, number][] {
    const duration = this.duration;
    if (!duration || !this.ready) return [];
    return [[0, (this.api?.getVideoLoadedFraction() ?? 0) * duration]];
  }

  destroy(): void {
    this.destroyed = true;
    this.ready = false;
    clearInterval(this.timer);
    this.api?.destroy();
    this.api = null;
    this.host.replaceChildren();
  }

  private async create(): Promise<void> {
    const api = await loadYouTubeApi().catch(() => null);
    if (this.destroyed || this.api) return;
    if (!api) return this.fail('youtube_unreachable');
    const place = document.createElement('div');
    this.host.replaceChildren(place);
    this.api = new api.Player(place, {
      width: '100%',
      height: '100%',
      playerVars: { controls: 0, disablekb: 1, playsinline: 1, rel: 0, fs: 0, iv_load_policy: 3, enablejsapi: 1, origin: location.origin, cc_load_policy: this.captionsOn ? 1 : 0 },
      events: {
        onReady: () => this.onReady(),
        onStateChange: ({ data }) => this.onState(data),
        onPlaybackRateChange: () => this.listener.changed(),
        onError: ({ data }) => this.fail(problems[data] ?? 'youtube_player'),
        onAutoplayBlocked: () => this.onBlocked(),
        onApiChange: () => this.onModules(),
      },
    });
    this.timer = setInterval(() => this.look(), LOOK_MS);
  }

  private onReady(): void {
    if (this.destroyed) return;
    this.ready = true;
    this.setVolume(this.volume);
    this.prime();
    this.listener.changed();
  }

  private cue(): void {
    if (this.item?.video_id) this.api?.cueVideoById({ videoId: this.item.video_id, startSeconds: this.startAt });
  }

  private prime(): void {
    this.primed = false;
    this.api?.mute();
    this.cue();
    this.playAskedAt = performance.now();
    this.api?.playVideo();
  }

  private endPriming(): void {
    this.primed = true;
    this.playAskedAt = null;
    this.api?.pauseVideo();
    this.setMuted(this.muted);
    this.setCaptions(this.captionsOn);
  }

  private onState(code: number): void {
    if (this.destroyed) return;
    this.code = code;
    if (code === PLAYING || code === BUFFERING) this.playAskedAt = null;
    if (code !== PLAYING) this.ads.interrupted();
    this.look();
    if (code === PLAYING && !this.primed && !this.ad) this.endPriming();
    this.listener.changed();
  }

  /** Looks for what has no event: advertisements, and orders to play that are ignored. */
  private look(): void {
    if (!this.ready || this.destroyed) return;
    const before = this.ad;
    this.ad =
      this.code === PLAYING &&
      this.ads.showsAd({
        now: performance.now(),
        videoId: this.api?.getVideoData?.().video_id,
        duration: this.api?.getDuration() ?? 0,
        position: this.api?.getCurrentTime() ?? 0,
        rate: this.rate,
      });
    if (before && !this.ad && !this.primed && this.code === PLAYING) this.endPriming();
    if (before !== this.ad) this.listener.changed();
    if (this.playAskedAt !== null && performance.now() - this.playAskedAt > SILENT_REFUSAL_MS) this.onBlocked();
  }

  /** Not even a silent start: the person's tap will be the first. */
  private onBlocked(): void {
    this.playAskedAt = null;
    if (!this.primed) this.endPriming();
    this.listener.blocked();
  }

  private onModules(): void {
    if (!this.api?.getOptions?.().includes('captions')) return;
    this.hasCaptions = true;
    if (!this.captionsOn) this.api.unloadModule?.('captions');
    this.listener.changed();
  }

  private fail(problem: PlayerProblem): void {
    this.problem = true;
    this.listener.failed(problem);
  }
}
