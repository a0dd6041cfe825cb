import type { FollowState, PlaybackAck, PlaybackClass, PlaybackCommand, PlaybackItem, Timeline } from '@/api/wire.gen';
import { newId } from '@/api/ids';
import type { Socket } from '@/realtime/socket';
import { Store } from '@/media/store';
import { ServerClock } from './clock';
import { Follower } from './follower';
import { type MakePlayer, makePlayer } from './players/makePlayer';
import type { PlayerProblem } from './players/player';
import { StatusReport } from './statusReport';
import { supersedes } from './timeline';

export interface WatchSnapshot {
  /** What is played: the server's word, or what this teacher just asked for and the server has not answered yet. */
  timeline: Timeline | null;
  follow: FollowState;
  problem: PlayerProblem | null;
  needsTap: boolean;
  duration: number | null;
  volume: number;
  muted: boolean;
  /** How the class follows; teachers only. */
  classState: PlaybackClass | null;
}

export type WatchSocket = Pick<Socket, 'on' | 'send' | 'request'>;

export interface WatchOptions {
  socket: WatchSocket;
  meetingId: string;
  /** A fresh address of a file whose old one has run out. */
  freshUrl: (fileId: string) => Promise<string>;
  makePlayer?: MakePlayer;
}

/** The time a command needs to take effect everywhere, until the server says the true one; milliseconds. */
const EXPECTED_LEAD_MS = 350;
const VOLUME_KEY = 'lectern.watch.volume';

/** Watching together: keeps this window's player on the meeting's timeline and carries a teacher's commands. */
export class WatchSession {
  private readonly store = new Store<WatchSnapshot>({
    timeline: null,
    follow: 'in_step',
    problem: null,
    needsTap: false,
    duration: null,
    volume: rememberedVolume(),
    muted: false,
    classState: null,
  });
  private readonly clock: ServerClock;
  private readonly follower: Follower;
  private readonly report: StatusReport;
  private readonly offs: (() => void)[];
  private confirmed: Timeline | null = null;
  private asked: Timeline | null = null;
  private commands = 0;

  constructor(private readonly options: WatchOptions) {
    const { socket, meetingId } = options;
    this.clock = new ServerClock((t0) => socket.request('clock.ping', { t0 }));
    this.follower = new Follower(this.clock, options.makePlayer ?? makePlayer, options.freshUrl, () => this.publish());
    this.follower.setVolume(this.store.get().volume);
    this.report = new StatusReport((status) => {
      socket.send('playback.status', { meeting_id: meetingId, ...status }).catch(() => this.report.again());
    });
    this.offs = [
      socket.on('playback.timeline', (timeline) => this.receive(timeline)),
      socket.on('playback.class', (classState) => {
        if (classState.meeting_id === meetingId) this.store.patch({ classState });
      }),
    ];
    this.clock.start();
  }

  readonly snapshot = this.store.get;
  readonly subscribe = this.store.subscribe;

  /** Begins, or begins again after a lost connection, with what meeting.join answered. */
  joined(timeline: Timeline | null): void {
    this.clock.burst(true);
    this.report.again();
    if (timeline) this.receive(timeline);
  }

  /** Shows the video in an element, which the session then owns; null when the stage is gone. */
  attach(host: HTMLElement | null): void {
    this.follower.attach(host);
  }

  /** Where this window's player stands, in seconds. */
  position(): number {
    return this.follower.position();
  }

  buffered(): [number, number][] {
    return this.follower.buffered();
  }

  load(item: PlaybackItem): Promise<void> {
    return this.command({ op: 'load', item }, null);
  }

  play(): Promise<void> {
    const pos = this.atEnd() ? 0 : this.position();
    return this.command({ op: 'play', pos }, { playing: true, pos, at: this.soon() });
  }

  pause(): Promise<void> {
    const pos = this.position();
    return this.command({ op: 'pause', pos }, { playing: false, pos });
  }

  seek(to: number): Promise<void> {
    const pos = Math.min(Math.max(0, to), this.store.get().duration ?? Infinity);
    return this.command({ op: 'seek', pos }, { pos, at: this.soon() });
  }

  setRate(rate: number): Promise<void> {
    return this.command({ op: 'rate', rate }, null);
  }

  stop(): Promise<void> {
    return this.command({ op: 'stop' }, null);
  }

  /** For this window only; 0 to 1. */
  setVolume(volume: number): void {
    localStorage.setItem(VOLUME_KEY, String(volume));
    this.follower.setVolume(volume);
    this.store.patch({ volume });
    if (volume > 0) this.setMuted(false);
  }

  setMuted(muted: boolean): void {
    this.follower.setMuted(muted);
    this.store.patch({ muted });
  }

  /** The person's tap that the browser asked for before it plays with sound. */
  tap(): void {
    this.follower.tap();
  }

  close(): void {
    for (const off of this.offs.splice(0)) off();
    this.clock.stop();
    this.report.close();
    this.follower.close();
  }

  private atEnd(): boolean {
    const { duration } = this.store.get();
    return duration !== null && this.position() >= duration - 0.2;
  }

  private soon(): number {
    return (this.clock.now() ?? 0) + EXPECTED_LEAD_MS;
  }

  private receive(timeline: Timeline): void {
    if (timeline.meeting_id !== this.options.meetingId || !supersedes(timeline, this.confirmed)) return;
    this.confirmed = timeline;
    this.show();
  }

  /** The own picture follows the expectation at once; the server's answer replaces it, whichever way it went. */
  private async command(command: Pick<PlaybackCommand, 'op' | 'item' | 'pos' | 'rate'>, expect: Partial<Timeline> | null): Promise<void> {
    const shown = this.asked ?? this.confirmed;
    const turn = ++this.commands;
    if (expect && shown) {
      this.asked = { ...shown, ...expect };
      this.show();
    }
    try {
      const ack = await this.options.socket.send<PlaybackAck>('playback.command', {
        meeting_id: this.options.meetingId,
        id: newId(),
        base_v: this.confirmed?.v ?? 0,
        ...command,
      } satisfies PlaybackCommand);
      if (supersedes(ack.timeline, this.confirmed)) this.confirmed = ack.timeline;
    } finally {
      if (turn === this.commands) {
        this.asked = null;
        this.show();
      }
    }
  }

  private show(): void {
    const timeline = this.asked ?? this.confirmed;
    this.follower.follow(timeline);
    this.store.patch({ timeline });
  }

  private publish(): void {
    const { state, problem, needsTap, duration, errorMs, bufferS } = this.follower;
    this.store.patch({ follow: state, problem, needsTap, duration });
    if (this.confirmed?.item) {
      this.report.update({ v: this.confirmed.v, state, err_ms: errorMs, buffer_s: bufferS, rtt_ms: this.clock.rtt });
    }
  }
}

function rememberedVolume(): number {
  const volume = Number(localStorage.getItem(VOLUME_KEY) ?? 1);
  return volume >= 0 && volume <= 1 ? volume : 1;
}
