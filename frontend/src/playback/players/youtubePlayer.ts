import type { PlaybackItem } from '@/api/wire.gen';
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

/** A YouTube video in its own iframe. Commands given before the iframe is ready are kept and given then. */
export class YouTubePlayer implements Player {
  private api: YouTubePlayerApi | null = null;
  private ready = false;
  private destroyed = false;
  private problem = false;
  private code = -1;
  private item: PlaybackItem | null = null;
  private startAt = 0;
  private wantsPlay = false;
  private volume = 1;
  private muted = false;

  constructor(
    private readonly host: HTMLElement,
    private readonly listener: PlayerListener,
  ) {}

  get state(): PlayerState {
    if (this.problem) return 'failed';
    if (!this.ready || this.code === -1) return 'loading';
    const shown = this.api?.getVideoData?.().video_id;
    if (this.code === PLAYING && shown && shown !== this.item?.video_id) return 'ad';
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
        return 'loading';
    }
  }

  get duration(): number | null {
    return (this.ready && this.api?.getDuration()) || null;
  }

  get rate(): number {
    return (this.ready && this.api?.getPlaybackRate()) || 1;
  }

  load(item: PlaybackItem, at: number): void {
    this.item = item;
    this.startAt = at;
    this.problem = false;
    this.wantsPlay = false;
    this.code = -1;
    if (this.ready) this.cue();
    else if (!this.api) void this.create();
  }

  play(): void {
    this.wantsPlay = true;
    if (this.ready) this.api?.playVideo();
  }

  pause(): void {
    this.wantsPlay = false;
    if (this.ready) this.api?.pauseVideo();
  }

  seek(to: number): void {
    this.startAt = to;
    if (!this.ready) return;
    // A cued video would start playing on seekTo; cueing it anew keeps it still.
    if (this.code === CUED) this.cue();
    else this.api?.seekTo(to, true);
  }

  setRate(rate: number): void {
    if (this.ready && Math.abs(this.rate - rate) > 0.001) this.api?.setPlaybackRate(rate);
  }

  setVolume(volume: number): void {
    this.volume = volume;
    if (this.ready) this.api?.setVolume(Math.round(volume * 100));
  }

  setMuted(muted: boolean): void {
    this.muted = muted;
    if (!this.ready) return;
    if (muted) this.api?.mute();
    else this.api?.unMute();
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
    this.api?.destroy();
    this.api = null;
    this.host.replaceChildren();
  }

  private async create(): Promise<void> {
    const api = await loadYouTubeApi().catch(() => null);
    if (this.destroyed) return;
    if (!api) return this.fail('youtube_unreachable');
    const place = document.createElement('div');
    this.host.replaceChildren(place);
    this.api = new api.Player(place, {
      width: '100%',
      height: '100%',
      playerVars: { controls: 0, disablekb: 1, playsinline: 1, rel: 0, fs: 0, iv_load_policy: 3, enablejsapi: 1, origin: location.origin },
      events: {
        onReady: () => this.onReady(),
        onStateChange: ({ data }) => {
          this.code = data;
          this.listener.changed();
        },
        onPlaybackRateChange: () => this.listener.changed(),
        onError: ({ data }) => this.fail(problems[data] ?? 'youtube_player'),
        onAutoplayBlocked: () => this.listener.blocked(),
      },
    });
  }

  private onReady(): void {
    if (this.destroyed) return;
    this.ready = true;
    this.setVolume(this.volume);
    this.setMuted(this.muted);
    this.cue();
    if (this.wantsPlay) this.play();
    this.listener.changed();
  }

  private cue(): void {
    if (this.item?.video_id) this.api?.cueVideoById({ videoId: this.item.video_id, startSeconds: this.startAt });
  }

  private fail(problem: PlayerProblem): void {
    this.problem = true;
    this.listener.failed(problem);
  }
}
