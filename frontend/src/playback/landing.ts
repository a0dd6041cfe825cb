import { Latency } from './latency';
import type { Player } from './players/player';

/** What one kind of player is like, on this device; the delays are learned. */
export interface Manner {
  /** From play() to a moving picture. */
  start: Latency;
  /** From a seek to a place that is ready to play. */
  place: Latency;
  /** From nothing to a first picture that could move. */
  load: Latency;
  /** Starting later than this is worth another seek, milliseconds; below it the controller does better. */
  lateMs: number;
  /** Positions nearer than this are the same, seconds. */
  exactS: number;
  /** Whether the player says `buffering` for as long as a place that was sought is not there. */
  tellsReady: boolean;
}

export const manners = {
  html5: (): Manner => ({
    start: new Latency(60, 400),
    place: new Latency(120, 1_500, 1, 0.1),
    load: new Latency(300, 3_000, 1, 0.1),
    lateMs: 100,
    // At the border of two pictures less than this would still show the other one.
    exactS: 2e-6,
    tellsReady: true,
  }),
  youtube: (): Manner => ({
    start: new Latency(80, 500),
    place: new Latency(500, 2_000, 0.5, 0.1),
    load: new Latency(1_000, 5_000, 1, 0.1),
    lateMs: 500,
    exactS: 0.04,
    tellsReady: false,
  }),
};

/** A moving class: at server time `at` (ms) it is, or was, at `pos` (s) and moves at `rate`. */
export interface Course {
  at: number;
  pos: number;
  rate: number;
  /** Where it ends by itself, seconds; Infinity when unknown. */
  end: number;
}

const SOON_MS = 1_500;
const ASK_AGAIN_MS = 1_000;
const TRIES = 3;
const PUNCTUAL_MS = 30;
const LEARNABLE_S = 1.5;

/**
 * Brings a player that does not move yet to a class that does: prepares a place that the class will reach a little later,
 * waits there, and starts so that the picture moves when the class passes. So nobody is late by what a seek or a start takes.
 */
export class Landing {
  active = false;
  /** The place where the player waits for the class, seconds. */
  private aim: number | null = null;
  private sought: number | null = null;
  private asked: number | null = null;
  private clean = true;
  private placed = false;
  private tries = 0;

  constructor(private readonly manner: Manner) {}

  begin(): void {
    this.active = true;
    this.aim = null;
    this.sought = null;
    this.asked = null;
    this.clean = true;
    this.placed = false;
    this.tries = 0;
  }

  stop(): void {
    this.active = false;
  }

  /** Takes the next step at a server time; answers in how many milliseconds another is due, or null when events tell. */
  step(now: number, player: Player, course: Course): number | null {
    if (player.state === 'ad') {
      this.begin();
      return null;
    }
    if (this.asked !== null) return this.started(now, this.asked, player);
    if (player.state === 'playing') {
      player.pause();
      if (stillPlaying(player)) return null;
    }
    this.aim ??= this.choose(now, player, course);
    if (player.state === 'buffering') {
      this.sought ??= now;
      return null;
    }
    this.ready(now);
    const wait = passes(course, this.aim) - this.manner.start.ms - now;
    if (wait >= 1) return wait;
    if (-wait > this.manner.lateMs && this.tries < TRIES) {
      this.aim = null;
      return this.step(now, player, course);
    }
    this.clean &&= -wait < PUNCTUAL_MS;
    this.asked = now;
    player.play();
    return ASK_AGAIN_MS;
  }

  /** Learns from the first error (s) that was judged after a landing. */
  settled(error: number, rate: number): void {
    const { start, place, tellsReady } = this.manner;
    const lateMs = (error / rate) * 1000;
    const hidden = this.placed && !tellsReady;
    if (Math.abs(error) < LEARNABLE_S) {
      if (this.clean) start.correct(lateMs);
      else if (hidden) place.correct(lateMs);
      if (this.clean && hidden) place.fitted();
    }
    this.clean = false;
    this.placed = false;
  }

  /** Chooses where to wait for the class: here, if it comes by soon, or at a place to seek. Answers the position. */
  private choose(now: number, player: Player, course: Course): number {
    const { start, place, exactS, lateMs } = this.manner;
    const here = player.position().t;
    const soonest = now + start.ms;
    const sought = Math.max(course.at, soonest + place.ms);
    const comes = passes(course, here);
    const near = comes >= soonest - (this.tries === 0 ? lateMs : 0) && comes <= Math.max(soonest + SOON_MS, course.at);
    // Before a start everybody stands at its very place, unless there is no time to get there.
    const exact = Math.abs(here - course.pos) <= exactS || sought > course.at;
    if (near && exact && player.state !== 'ended') return here;
    this.tries += 1;
    this.placed = true;
    this.sought = now;
    const aim = Math.min(course.pos + ((sought - course.at) / 1000) * course.rate, course.end);
    player.seek(aim);
    return aim;
  }

  private ready(now: number): void {
    if (this.sought === null) return;
    if (this.manner.tellsReady && this.placed) this.manner.place.observe(now - this.sought);
    this.sought = null;
  }

  private started(now: number, asked: number, player: Player): number | null {
    if (player.state === 'playing') {
      this.active = false;
      return null;
    }
    if (player.state === 'buffering') this.clean = false;
    else if (now - asked >= ASK_AGAIN_MS) {
      this.clean = false;
      this.asked = now;
      player.play();
    }
    return ASK_AGAIN_MS;
  }
}

/** The server time at which a class passes a position. */
function passes(course: Course, position: number): number {
  return course.at + ((position - course.pos) / course.rate) * 1000;
}

/** Some players obey at once, others when their frame has heard of it. */
function stillPlaying(player: Player): boolean {
  return player.state === 'playing';
}
