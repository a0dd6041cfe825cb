import type { FollowState, PlaybackItem, Timeline } from '@/api/wire.gen';
import type { ServerClock } from './clock';
import type { FollowController } from './controller';
import type { MakePlayer } from './players/makePlayer';
import type { Player, PlayerProblem } from './players/player';
import { positionAt, sameItem } from './timeline';

const TICK_MS = 100;
const PLAY_AGAIN_MS = 1_000;
/** Errors below need no jump before starting, seconds. */
const CLOSE_ENOUGH_S = 0.25;
const PAUSED_EXACT_S = 0.0005;
const IN_STEP_S = { enter: 0.1, leave: 0.2 };

/** Holds one player on a timeline: starts and stops it, jumps when the timeline jumps, and lets a controller do the rest. */
export class Follower {
  state: FollowState = 'in_step';
  problem: PlayerProblem | null = null;
  needsTap = false;
  /** Target minus position, milliseconds of media time. */
  errorMs = 0;
  private player: Player | null = null;
  private controller: FollowController | null = null;
  private host: HTMLElement | null = null;
  private timeline: Timeline | null = null;
  private interval: ReturnType<typeof setInterval> | undefined;
  private startTimer: ReturnType<typeof setTimeout> | undefined;
  private playAskedAt = -Infinity;
  private jumpPending = false;
  private refreshed = false;
  private volume = 1;
  private muted = false;

  constructor(
    private readonly clock: ServerClock,
    private readonly make: MakePlayer,
    private readonly freshUrl: (fileId: string) => Promise<string>,
    private readonly onChange: () => void,
  ) {}

  get duration(): number | null {
    return this.player?.duration ?? null;
  }

  get bufferS(): number {
    const at = this.position();
    const range = this.buffered().find(([from, to]) => from <= at + 0.1 && at <= to);
    return range ? range[1] - at : 0;
  }

  position(): number {
    const player = this.player;
    if (player && !['loading', 'failed'].includes(player.state) && !this.jumpPending) return player.position().t;
    return this.target() ?? this.timeline?.pos ?? 0;
  }

  buffered(): [number, number][] {
    return this.player?.buffered() ?? [];
  }

  attach(host: HTMLElement | null): void {
    if (host === this.host) return;
    this.discard();
    this.host = host;
    if (host && this.timeline?.item) this.open(this.timeline.item);
  }

  follow(timeline: Timeline | null): void {
    const before = this.timeline;
    this.timeline = timeline;
    if (!sameItem(before, timeline)) {
      this.discard();
      if (timeline?.item) this.open(timeline.item);
    } else if (before && timeline && jumps(before, timeline)) {
      this.jumpPending = true;
    }
    this.scheduleStart();
    this.tick();
  }

  setVolume(volume: number): void {
    this.volume = volume;
    this.player?.setVolume(volume);
  }

  setMuted(muted: boolean): void {
    this.muted = muted;
    this.player?.setMuted(muted || this.needsTap);
  }

  tap(): void {
    this.needsTap = false;
    this.player?.setMuted(this.muted);
    this.playAskedAt = -Infinity;
    if (this.timeline?.playing) this.player?.play();
    this.tick();
  }

  close(): void {
    this.discard();
    this.timeline = null;
    this.host = null;
  }

  private target(): number | null {
    const now = this.clock.now();
    return this.timeline && now !== null ? positionAt(this.timeline, now, this.duration) : null;
  }

  private open(item: PlaybackItem): void {
    if (!this.host) return;
    const listener = { changed: () => this.tick(), blocked: () => this.onBlocked(), failed: (problem: PlayerProblem) => this.onFailed(problem) };
    const { player, controller } = this.make(item.kind, this.host, listener);
    this.player = player;
    this.controller = controller;
    this.player.setVolume(this.volume);
    this.player.setMuted(this.muted);
    this.jumpPending = true;
    this.player.load(item, this.target() ?? item.start ?? 0);
    this.interval = setInterval(() => this.tick(), TICK_MS);
  }

  private discard(): void {
    clearInterval(this.interval);
    clearTimeout(this.startTimer);
    this.player?.destroy();
    this.player = null;
    this.controller = null;
    this.problem = null;
    this.needsTap = false;
    this.refreshed = false;
    this.jumpPending = false;
    this.errorMs = 0;
    this.playAskedAt = -Infinity;
  }

  /** The steady tick is too coarse for the moment that everyone starts together. */
  private scheduleStart(): void {
    clearTimeout(this.startTimer);
    const now = this.clock.now();
    if (!this.timeline?.playing || now === null || this.timeline.at <= now) return;
    this.startTimer = setTimeout(() => this.tick(), this.timeline.at - now);
  }

  private tick(): void {
    const { player, controller, timeline } = this;
    const now = this.clock.now();
    if (player && controller && timeline?.item && now !== null && !this.problem && player.state !== 'loading') {
      if (timeline.playing && now >= timeline.at - 1) this.keepUp(player, controller, timeline);
      else this.hold(player, controller, timeline);
    }
    this.judge();
    this.onChange();
  }

  /** Paused, or not yet started: stand still exactly where the class will start. */
  private hold(player: Player, controller: FollowController, timeline: Timeline): void {
    if (player.state === 'playing' || player.state === 'buffering') player.pause();
    this.playAskedAt = -Infinity;
    player.setRate(timeline.rate);
    this.errorMs = (timeline.pos - player.position().t) * 1000;
    if (!this.jumpPending) return;
    this.jumpPending = false;
    controller.jumped(performance.now());
    if (Math.abs(this.errorMs) > PAUSED_EXACT_S * 1000) player.seek(timeline.pos);
  }

  private keepUp(player: Player, controller: FollowController, timeline: Timeline): void {
    const now = performance.now();
    const target = this.target() ?? timeline.pos;
    const { t: position } = player.position();
    const ended = this.duration !== null && target >= this.duration - 0.05;
    if (ended || player.state === 'ad') {
      this.errorMs = 0;
      return;
    }
    this.errorMs = (target - position) * 1000;
    if (this.jumpPending || player.state === 'ended') {
      this.jumpPending = false;
      if (Math.abs(target - position) > CLOSE_ENOUGH_S || player.state === 'ended') {
        controller.jumped(now);
        player.seek(target + controller.seekLead * timeline.rate);
      }
    }
    if (player.state === 'paused' || player.state === 'ended') this.start(player, now);
    const { rate, seekTo } = controller.step({
      now,
      target,
      position,
      base: timeline.rate,
      playing: player.state === 'playing',
      actualRate: player.rate,
    });
    player.setRate(rate);
    if (seekTo !== undefined) player.seek(seekTo);
  }

  private start(player: Player, now: number): void {
    if (now - this.playAskedAt < PLAY_AGAIN_MS) return;
    this.playAskedAt = now;
    player.play();
  }

  private judge(): void {
    const moving = this.timeline?.playing === true;
    const error = Math.abs(this.errorMs) / 1000;
    const limit = this.state === 'in_step' ? IN_STEP_S.leave : IN_STEP_S.enter;
    if (this.problem) this.state = 'error';
    else if (this.needsTap) this.state = 'needs_tap';
    else if (document.visibilityState === 'hidden') this.state = 'hidden';
    else if (this.player?.state === 'ad') this.state = 'ad';
    else if (!this.player || this.player.state === 'loading' || this.player.state === 'buffering') this.state = 'buffering';
    else this.state = moving && error > limit ? 'catching_up' : 'in_step';
  }

  /** Without a tap only a silent start is allowed: follow in silence and ask for the tap. */
  private onBlocked(): void {
    if (!this.needsTap) {
      this.needsTap = true;
      this.player?.setMuted(true);
      this.player?.play();
    }
    this.tick();
  }

  private onFailed(problem: PlayerProblem): void {
    const item = this.timeline?.item;
    if (item?.kind === 'file' && item.file_id && !this.refreshed) {
      this.refreshed = true;
      const player = this.player;
      this.freshUrl(item.file_id).then(
        (url) => {
          if (player === this.player) player?.load({ ...item, url }, this.target() ?? 0);
        },
        () => this.giveUp(problem),
      );
      return;
    }
    this.giveUp(problem);
  }

  private giveUp(problem: PlayerProblem): void {
    this.problem = problem;
    this.tick();
  }
}

/** Whether going from one timeline to the next moves the picture by itself, apart from time passing. */
function jumps(before: Timeline, after: Timeline): boolean {
  if (!before.playing || !after.playing) return true;
  return Math.abs(positionAt(before, after.at) - after.pos) > 0.05;
}
