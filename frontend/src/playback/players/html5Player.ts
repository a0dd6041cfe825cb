import type { PlaybackItem } from '@/api/wire.gen';
import { clamp } from '../controller';
import type { Player, PlayerListener, PlayerState } from './player';

const LAG_WEIGHT = 0.1;
const MAX_LAG_S = 0.2;
const USUAL_FRAME_S = 1 / 30;
const EVENTS = ['loadedmetadata', 'canplay', 'playing', 'pause', 'waiting', 'stalled', 'seeking', 'seeked', 'ended', 'ratechange', 'progress'];

/** A file in a <video> element of its own. */
export class Html5Player implements Player {
  readonly video = document.createElement('video');
  private wantsPlay = false;
  private problem = false;
  /** How far the picture on screen trails currentTime, in seconds, smoothed over frames. */
  private lag = 0;
  private lastFrame = 0;
  private frameRequest: number | undefined;
  private captionsOn = false;
  frame = USUAL_FRAME_S;

  constructor(
    host: HTMLElement,
    private listener: PlayerListener,
  ) {
    const video = this.video;
    video.playsInline = true;
    video.preload = 'auto';
    video.preservesPitch = true;
    video.tabIndex = -1;
    video.dataset.testid = 'watch-video';
    for (const event of EVENTS) video.addEventListener(event, this.onChange);
    video.addEventListener('error', this.onError);
    video.textTracks.addEventListener?.('addtrack', () => this.setCaptions(this.captionsOn));
    host.replaceChildren(video);
    this.watchFrames();
  }

  get state(): PlayerState {
    const video = this.video;
    if (this.problem) return 'failed';
    if (video.readyState < HTMLMediaElement.HAVE_METADATA) return 'loading';
    if (video.ended) return 'ended';
    if (video.seeking || video.readyState < HTMLMediaElement.HAVE_FUTURE_DATA) return 'buffering';
    return video.paused ? 'paused' : 'playing';
  }

  get duration(): number | null {
    return Number.isFinite(this.video.duration) ? this.video.duration : null;
  }

  get rate(): number {
    return this.video.playbackRate;
  }

  get captions(): boolean | null {
    return this.tracks().length === 0 ? null : this.captionsOn;
  }

  adopt(host: HTMLElement, listener: PlayerListener): void {
    this.listener = listener;
    host.replaceChildren(this.video);
    if (this.problem) this.onError();
  }

  load(item: PlaybackItem, at: number): void {
    this.problem = false;
    this.wantsPlay = false;
    this.lag = 0;
    this.frame = USUAL_FRAME_S;
    this.video.src = item.url ?? '';
    this.video.currentTime = at;
  }

  play(): void {
    this.wantsPlay = true;
    this.video.play().catch((error: unknown) => {
      if (this.wantsPlay && error instanceof DOMException && error.name === 'NotAllowedError') this.listener.blocked();
    });
  }

  pause(): void {
    this.wantsPlay = false;
    this.video.pause();
  }

  seek(to: number): void {
    this.video.currentTime = Math.min(to, this.duration ?? to);
  }

  setRate(rate: number): void {
    if (Math.abs(this.video.playbackRate - rate) > 1e-4) this.video.playbackRate = rate;
  }

  setVolume(volume: number): void {
    this.video.volume = volume;
  }

  setMuted(muted: boolean): void {
    this.video.muted = muted;
  }

  setCaptions(on: boolean): void {
    this.captionsOn = on;
    for (const [i, track] of this.tracks().entries()) track.mode = on && i === 0 ? 'showing' : 'disabled';
  }

  position(): { t: number; at: number } {
    const moving = this.state === 'playing';
    return { t: this.video.currentTime - (moving ? this.lag : 0), at: performance.now() };
  }

  buffered(): [number, number][] {
    const { buffered } = this.video;
    return Array.from({ length: buffered.length }, (_, i) => [buffered.start(i), buffered.end(i)]);
  }

  destroy(): void {
    const video = this.video;
    if (this.frameRequest !== undefined) video.cancelVideoFrameCallback(this.frameRequest);
    for (const event of EVENTS) video.removeEventListener(event, this.onChange);
    video.removeEventListener('error', this.onError);
    video.pause();
    // Without a source the browser frees the decoder and the connection at once.
    video.removeAttribute('src');
    video.load();
    video.remove();
  }

  private tracks(): TextTrack[] {
    return Array.from(this.video.textTracks ?? []).filter(({ kind }) => kind === 'captions' || kind === 'subtitles');
  }

  private readonly onChange = () => this.listener.changed();

  private readonly onError = () => {
    this.problem = true;
    const code = this.video.error?.code;
    this.listener.failed(code === MediaError.MEDIA_ERR_DECODE || code === MediaError.MEDIA_ERR_SRC_NOT_SUPPORTED ? 'format' : 'network');
  };

  private watchFrames(): void {
    if (!('requestVideoFrameCallback' in this.video)) return;
    this.frameRequest = this.video.requestVideoFrameCallback((now, { mediaTime, expectedDisplayTime }) => {
      const since = mediaTime - this.lastFrame;
      this.lastFrame = mediaTime;
      if (since > 0.005 && since < this.frame) this.frame = since;
      if (this.state === 'playing') {
        const clock = this.video.currentTime + ((expectedDisplayTime - now) / 1000) * this.video.playbackRate;
        this.lag += LAG_WEIGHT * (clamp(clock - mediaTime, -MAX_LAG_S, MAX_LAG_S) - this.lag);
      }
      this.watchFrames();
    });
  }
}
