import type { FollowState, PlaybackItem, Timeline } from '@/api/wire.gen';
import type { ServerClock } from './clock';
import type { FollowController } from './controller';
import { Html5Controller } from './html5Controller';
import { Landing, type Manner, manners } from './landing';
import type { MakePlayer } from './players/makePlayer';
import type { Player } from './players/player';
import { Screen } from './screen';
import { endOf, positionAt, sameItem } from './timeline';
import { YouTubeController } from './youtubeController';

const TICK_MS = 100;
const IN_STEP_S = { enter: 0.1, leave: 0.2 };
/** A target that moves this far by itself means that a clock jumped, seconds. */
const LEAP_S = 0.75;
const AT_END_S = 0.05;
const ENDED_S = 2;

/** How one kind of player is kept in step; outlives its players, since it learns this device. */
interface Habits {
  controller: FollowController;
  manner: Manner;
  landing: Landing;
}

function habitsOf(kind: PlaybackItem['kind']): Habits {
  const manner = kind === 'youtube' ? manners.youtube() : manners.html5();
  return { controller: kind === 'youtube' ? new YouTubeController() : new Html5Controller(), manner, landing: new Landing(manner) };
}

/** Holds one player on a timeline: lands it where the timeline jumps, then lets a controller keep it there. */
export class Follower {
  readonly screen: Screen;
  state: FollowState = 'in_step';
  /** Target minus position, milliseconds of media time. */
  errorMs = 0;
  private readonly habits = { file: habitsOf('file'), youtube: habitsOf('youtube') };
  private timeline: Timeline | null = null;
  private interval: ReturnType<typeof setInterval> | undefined;
  private nextStep: ReturnType<typeof setTimeout> | undefined;
  private jumpPending = false;
  private offsetMs = 0;
  private seen: { target: number; own: number } | null = null;
  private loadedAt: number | null = null;

  constructor(
    private readonly clock: ServerClock,
    make: MakePlayer,
    freshUrl: (fileId: string) => Promise<string>,
    private readonly onChange: () => void,
  ) {
    this.screen = new Screen({ make, freshUrl, startOf: (item) => this.startOf(item), onChange: () => this.tick() });
  }

  get duration(): number | null {
    return this.screen.player?.duration ?? null;
  }

  get bufferS(): number {
    const at = this.position();
    const range = this.buffered().find(([from, to]) => from <= at + 0.1 && at <= to);
    return range ? range[1] - at : 0;
  }

  /** Whether a play command would find this player at its place. */
  get ready(): boolean {
    const state = this.screen.player?.state;
    return !this.screen.problem && !this.jumpPending && (state === 'paused' || state === 'playing' || state === 'ended');
  }

  position(): number {
    const { player } = this.screen;
    const there = player && !['loading', 'failed'].includes(player.state) && !this.jumpPending && !this.current.landing.active;
    return there ? player.position().t : (this.target() ?? this.timeline?.pos ?? 0);
  }

  buffered(): [number, number][] {
    return this.screen.player?.buffered() ?? [];
  }

  attach(host: HTMLElement | null): void {
    this.jumpPending = true;
    this.screen.attach(host);
    this.tick();
  }

  follow(timeline: Timeline | null): void {
    const before = this.timeline;
    this.timeline = timeline;
    this.seen = null;
    if (!sameItem(before?.item, timeline?.item)) {
      this.jumpPending = true;
      this.screen.show(timeline?.item ?? null);
    } else if (before && timeline && jumps(before, timeline)) {
      this.jumpPending = true;
    }
    if (timeline?.item) this.interval ??= setInterval(() => this.tick(), TICK_MS);
    else this.rest();
    this.tick();
  }

  /** Brings the player to the class anew, as after a jump. */
  realign(): void {
    this.jumpPending = true;
    this.tick();
  }

  retry(): void {
    this.jumpPending = true;
    this.screen.retry();
    this.tick();
  }

  /** Runs ahead of the class by so much, for sound that comes late (Bluetooth); milliseconds. */
  setOffset(ms: number): void {
    this.offsetMs = ms;
    this.seen = null;
    this.tick();
  }

  close(): void {
    this.rest();
    this.timeline = null;
    this.screen.close();
  }

  private get current(): Habits {
    return this.habits[this.timeline?.item?.kind ?? 'file'];
  }

  private rest(): void {
    clearInterval(this.interval);
    clearTimeout(this.nextStep);
    this.interval = undefined;
  }

  /** Server time as it counts for this device. */
  private now(): number | null {
    const now = this.clock.now();
    return now === null ? null : now + this.offsetMs;
  }

  private target(): number | null {
    const now = this.now();
    return this.timeline && now !== null ? positionAt(this.timeline, now, this.duration) : null;
  }

  private startOf(item: PlaybackItem): number {
    const now = this.now();
    this.loadedAt = performance.now();
    if (!this.timeline || now === null) return item.start ?? 0;
    return positionAt(this.timeline, now + (this.timeline.playing ? this.current.manner.load.ms : 0));
  }

  private tick(): void {
    clearTimeout(this.nextStep);
    const { timeline } = this;
    const { player, problem } = this.screen;
    const now = this.now();
    const usable = player && this.screen.attached && !problem && player.state !== 'loading' && player.state !== 'failed';
    if (usable && timeline?.item && now !== null) {
      this.watchForLeaps(timeline, now);
      this.learnLoading(player);
      if (player.state === 'ad') this.await();
      else if (!timeline.playing) this.hold(player, timeline, timeline.pos);
      else if (this.hasEnded(player, timeline, now)) this.stopAtEnd(player, timeline);
      else this.keepUp(player, timeline, now);
    }
    this.judge();
    this.onChange();
  }

  /** A machine that slept or a clock that was set moves the target without any new timeline. */
  private watchForLeaps(timeline: Timeline, now: number): void {
    const own = performance.now();
    const target = positionAt(timeline, now, this.duration);
    const moved = this.seen ? (Math.max(0, own - this.seen.own) / 1000) * timeline.rate : 0;
    const still = !timeline.playing || now < timeline.at;
    if (this.seen && !still && Math.abs(target - this.seen.target - moved) > LEAP_S) this.jumpPending = true;
    this.seen = still ? null : { target, own };
  }

  private learnLoading(player: Player): void {
    if (this.loadedAt === null || player.state === 'buffering') return;
    this.current.manner.load.observe(performance.now() - this.loadedAt);
    this.loadedAt = null;
  }

  /** An advertisement plays; nothing can be done but come back to the class after it. */
  private await(): void {
    this.errorMs = 0;
    this.jumpPending = true;
  }

  /** Films end a little earlier than their length says. */
  private hasEnded(player: Player, timeline: Timeline, now: number): boolean {
    const margin = player.state === 'ended' ? ENDED_S : AT_END_S;
    return positionAt(timeline, now, this.duration) >= endOf(timeline, this.duration) - margin;
  }

  /** The end of the film comes by itself; at a stop-point everybody stands still before the server says so. */
  private stopAtEnd(player: Player, timeline: Timeline): void {
    const end = endOf(timeline, this.duration);
    const near = Math.abs(end - player.position().t) < 2 * AT_END_S * timeline.rate;
    const moving = player.state === 'playing' && near;
    if (moving && end === this.duration) this.errorMs = 0;
    else if (moving && player.position().t < end) this.nextStep = setTimeout(() => this.tick(), ((end - player.position().t) / timeline.rate) * 1000);
    else {
      this.jumpPending ||= player.state !== 'paused' && player.state !== 'ended';
      this.hold(player, timeline, end);
    }
  }

  /** Stand still exactly where the class does. */
  private hold(player: Player, timeline: Timeline, place: number): void {
    const { controller, landing, manner } = this.current;
    landing.stop();
    if (player.state === 'playing' || player.state === 'buffering') player.pause();
    player.setRate(timeline.rate);
    const error = place - player.position().t;
    this.errorMs = error * 1000;
    if (!this.jumpPending) return;
    this.jumpPending = false;
    controller.jumped(performance.now());
    if (Math.abs(error) > manner.exactS) player.seek(place);
  }

  private keepUp(player: Player, timeline: Timeline, now: number): void {
    const { controller, landing } = this.current;
    const stopped = player.state === 'paused' || player.state === 'ended';
    if (this.jumpPending || (stopped && !landing.active)) {
      this.jumpPending = false;
      landing.begin();
    }
    const target = positionAt(timeline, now, this.duration);
    if (landing.active) {
      player.setRate(timeline.rate);
      const wait = landing.step(now, player, { ...timeline, end: endOf(timeline, this.duration) });
      this.errorMs = now < timeline.at ? 0 : (target - player.position().t) * 1000;
      if (landing.active) {
        if (wait !== null) this.nextStep = setTimeout(() => this.tick(), wait);
        return;
      }
      controller.jumped(performance.now());
    }
    const { t: position } = player.position();
    this.errorMs = (target - position) * 1000;
    const { rate, jump, settled } = controller.step({
      now: performance.now(),
      target,
      position,
      base: timeline.rate,
      playing: player.state === 'playing',
      actualRate: player.rate,
    });
    player.setRate(rate);
    if (settled !== undefined) landing.settled(settled, timeline.rate);
    if (jump) this.jumpPending = true;
  }

  private judge(): void {
    const { player, problem, needsTap } = this.screen;
    const moving = this.timeline?.playing === true;
    const error = Math.abs(this.errorMs) / 1000;
    const limit = this.state === 'in_step' ? IN_STEP_S.leave : IN_STEP_S.enter;
    if (problem) this.state = 'error';
    else if (needsTap) this.state = 'needs_tap';
    else if (document.visibilityState === 'hidden') this.state = 'hidden';
    else if (player?.state === 'ad') this.state = 'ad';
    else if (!player || player.state === 'loading' || player.state === 'buffering') this.state = 'buffering';
    else this.state = moving && error > limit ? 'catching_up' : 'in_step';
  }
}

/** Whether going from one timeline to the next moves the picture by itself, apart from time passing. */
function jumps(before: Timeline, after: Timeline): boolean {
  if (!before.playing || !after.playing) return true;
  return Math.abs(positionAt(before, after.at) - after.pos) > 0.05;
}
