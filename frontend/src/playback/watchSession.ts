import type {
  FollowState,
  MeetingJoined,
  PlaybackAck,
  PlaybackClass,
  PlaybackCommand,
  PlaybackItem,
  PlaybackRemote,
  PlaybackSettings,
  PlaybackSettingsCommand,
  Timeline,
} from '@/api/wire.gen';
import { newId } from '@/api/ids';
import type { Socket } from '@/realtime/socket';
import { Store } from '@/media/store';
import { ServerClock } from './clock';
import { clamp } from './controller';
import { Follower } from './follower';
import { NextUp } from './nextUp';
import { type MakePlayer, makePlayer } from './players/makePlayer';
import type { PlayerProblem } from './players/player';
import { OFFSET_MS, remember, remembered } from './preferences';
import { StatusReport } from './statusReport';
import { endOf, positionAt, sameItem, supersedes } from './timeline';

export interface WatchSnapshot {
  /** What the class plays: the server's word, or what this teacher just asked for and the server has not answered yet. */
  timeline: Timeline | null;
  follow: FollowState;
  /** Target minus position, milliseconds in tens, renewed once a second. */
  errorMs: number;
  problem: PlayerProblem | null;
  needsTap: boolean;
  duration: number | null;
  /** What the player calls the item; null where only the server knows. */
  title: string | null;
  volume: number;
  muted: boolean;
  /** Whether captions show; null where there are none to switch. */
  captions: boolean | null;
  /** How far this device runs ahead, because its sound comes late. */
  offsetMs: number;
  /** This device is in a room where another one plays the sound. */
  sameRoom: boolean;
  /** Browsing freely: the own player follows `local` instead of the class. */
  free: boolean;
  local: { playing: boolean; rate: number } | null;
  /** The meeting's switches; null until the server has said them. */
  settings: PlaybackSettings | null;
  /** The last time a teacher asked for attention: everybody's (recall) or this person's (nudge). */
  called: { kind: 'recall' | 'nudge'; byUserId: string } | null;
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

type Order = Omit<PlaybackCommand, 'meeting_id' | 'id' | 'base_v'>;

/** The least time that the server gives a command to reach everyone, milliseconds. */
const LEAD_MS = 250;
const ERROR_EVERY_MS = 1_000;

/** Watching together: keeps this window's player on the meeting's timeline and carries a teacher's commands. */
export class WatchSession {
  private readonly store: Store<WatchSnapshot>;
  private readonly clock: ServerClock;
  private readonly follower: Follower;
  private readonly report: StatusReport;
  private readonly nextUp: NextUp;
  private readonly offs: (() => void)[];
  private confirmed: Timeline | null = null;
  private asked: Timeline | null = null;
  private free: Timeline | null = null;
  private participantId: string | null = null;
  private commands = 0;
  private errorAt = -Infinity;
  private joinedBefore = false;

  constructor(private readonly options: WatchOptions) {
    const { socket, meetingId } = options;
    const { volume, offsetMs, captions } = remembered();
    this.store = new Store<WatchSnapshot>({
      timeline: null,
      follow: 'in_step',
      errorMs: 0,
      problem: null,
      needsTap: false,
      duration: null,
      title: null,
      volume,
      muted: false,
      captions: null,
      offsetMs,
      sameRoom: false,
      free: false,
      local: null,
      settings: null,
      called: null,
      classState: null,
    });
    this.snapshot = this.store.get;
    this.subscribe = this.store.subscribe;
    this.clock = new ServerClock((t0) => socket.request('clock.ping', { t0 }));
    this.follower = new Follower(this.clock, options.makePlayer ?? makePlayer, options.freshUrl, () => this.publish());
    this.follower.screen.setVolume(volume);
    this.follower.screen.setCaptions(captions);
    this.follower.setOffset(offsetMs);
    this.nextUp = new NextUp(options.freshUrl, (item) => this.follower.screen.prepare(item));
    this.report = new StatusReport((status) => {
      socket.send('playback.status', { meeting_id: meetingId, ...status }).catch(() => this.report.again());
    });
    const ours =
      <T extends { meeting_id: string }>(handle: (data: T) => void) =>
      (data: T) => {
        if (data.meeting_id === meetingId) handle(data);
      };
    this.offs = [
      socket.on('playback.timeline', ours((timeline) => this.receive(timeline))),
      socket.on('playback.class', ours((classState) => this.store.patch({ classState }))),
      socket.on('playback.settings', ours(({ settings }) => this.onSettings(settings))),
      socket.on('playback.recall', ours(({ by_user_id }) => this.onCalled('recall', by_user_id))),
      socket.on('playback.nudge', ours(({ by_user_id }) => this.onCalled('nudge', by_user_id))),
      socket.on('playback.playlist', (playlist) => {
        if (playlist.channel_id === this.nextUp.playlist?.channel_id) this.nextUp.playlist = playlist;
      }),
    ];
    this.clock.start();
  }

  readonly snapshot: () => WatchSnapshot;
  readonly subscribe: (watcher: () => void) => () => void;

  /** Milliseconds of the server's clock, for whatever else in the meeting happens at a time; the own one until it is measured. */
  serverNow(): number {
    return this.clock.now() ?? Date.now();
  }

  /** Begins, or begins again after a lost connection, with what meeting.join answered. */
  joined(timeline: Timeline | null, ack?: Pick<MeetingJoined, 'participant_id' | 'playback_state'>): void {
    // After a lost connection it may be another server, with another clock.
    if (this.joinedBefore) this.clock.burst(true);
    this.joinedBefore = true;
    this.report.again();
    if (ack) {
      this.participantId = ack.participant_id;
      this.nextUp.playlist = ack.playback_state.playlist;
      this.onSettings(ack.playback_state.settings);
    }
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

  /** The element, for picture-in-picture; null where a page may not have it. */
  video(): HTMLVideoElement | null {
    return this.follower.screen.player?.video ?? null;
  }

  load(item: PlaybackItem, more: Pick<Order, 'pos' | 'autoplay'> = {}): Promise<void> {
    return this.command({ op: 'load', item, ...more }, null);
  }

  /** Plays an entry of the channel's playlist. */
  loadEntry(entryId: string, more: Pick<Order, 'pos' | 'autoplay'> = {}): Promise<void> {
    return this.command({ op: 'load', entry_id: entryId, ...more }, null);
  }

  next(): Promise<void> {
    return this.command({ op: 'next' }, null);
  }

  previous(): Promise<void> {
    return this.command({ op: 'previous' }, null);
  }

  play(): Promise<void> {
    const pos = this.atEnd() ? 0 : this.position();
    return this.steer({ op: 'play', pos }, { playing: true, pos });
  }

  pause(): Promise<void> {
    const pos = this.position();
    return this.steer({ op: 'pause', pos }, { playing: false, pos });
  }

  seek(to: number): Promise<void> {
    const pos = clamp(to, 0, this.store.get().duration ?? Infinity);
    return this.steer({ op: 'seek', pos }, { pos });
  }

  /** Moves by pictures while paused: forwards (1) or back (-1). */
  frame(by: 1 | -1): Promise<void> {
    const { player } = this.follower.screen;
    return this.seek(this.position() + by * (player?.frame ?? 1 / 30));
  }

  setRate(rate: number): Promise<void> {
    return this.steer({ op: 'rate', rate }, this.free ? { rate, pos: this.position() } : null);
  }

  stop(): Promise<void> {
    return this.command({ op: 'stop' }, null);
  }

  /** Leaves the class's position; from now on play, pause, seek and setRate move only this window. */
  browse(): void {
    const timeline = this.confirmed;
    if (!timeline?.item || this.free) return;
    this.free = { ...timeline, pos: this.position(), at: this.clock.now() ?? timeline.at, until: undefined };
    this.show();
  }

  /** Goes back to where the class is. */
  rejoin(): void {
    if (!this.free) return;
    this.free = null;
    this.show();
    this.follower.realign();
  }

  /** Asks everybody to follow again; teachers. */
  recall(): Promise<void> {
    return this.options.socket.send('playback.recall', {});
  }

  /** Asks one participant to follow again; teachers. */
  nudge(participantId: string): Promise<void> {
    return this.options.socket.send('playback.nudge', { participant_id: participantId });
  }

  /** Takes, hands over or releases the exclusive remote; teachers. */
  remote(order: PlaybackRemote): Promise<void> {
    return this.options.socket.send('playback.remote', order);
  }

  setSettings(change: PlaybackSettingsCommand): Promise<void> {
    return this.options.socket.send('playback.settings', change);
  }

  /** For this window only; 0 to 1. */
  setVolume(volume: number): void {
    remember('volume', volume);
    this.follower.screen.setVolume(volume);
    this.store.patch({ volume });
    if (volume > 0) this.setMuted(false);
  }

  setMuted(muted: boolean): void {
    this.store.patch({ muted });
    this.applySound();
  }

  setCaptions(on: boolean): void {
    remember('captions', on);
    this.follower.screen.setCaptions(on);
    this.publish();
  }

  /** This device's sound comes so many milliseconds late (Bluetooth): it runs ahead by as much. */
  setOffset(ms: number): void {
    const offsetMs = clamp(ms, OFFSET_MS.min, OFFSET_MS.max);
    remember('offsetMs', offsetMs);
    this.store.patch({ offsetMs });
    this.follower.setOffset(offsetMs);
  }

  /** Says that this device stands in a room where one device plays the sound for all: it is silent unless it is that one. */
  setSameRoom(sameRoom: boolean): void {
    this.store.patch({ sameRoom });
    this.applySound();
  }

  /** The person's tap that the browser asked for before it plays with sound. */
  tap(): void {
    this.follower.screen.tap(this.store.get().timeline?.playing === true);
    this.follower.realign();
  }

  /** Gives a player that failed another try. */
  retry(): void {
    this.follower.retry();
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

  private receive(timeline: Timeline): void {
    if (timeline.meeting_id !== this.options.meetingId || !supersedes(timeline, this.confirmed)) return;
    this.confirmed = timeline;
    if (!sameItem(this.free?.item, timeline.item)) this.free = null;
    this.show();
  }

  private onSettings(settings: PlaybackSettings): void {
    this.store.patch({ settings });
    if (!settings.free_browsing) this.rejoin();
    this.applySound();
  }

  private onCalled(kind: 'recall' | 'nudge', byUserId: string): void {
    this.store.patch({ called: { kind, byUserId } });
    if (kind === 'recall') this.rejoin();
    else if (!this.free && Math.abs(this.follower.errorMs) > 100) this.follower.realign();
  }

  private applySound(): void {
    const { muted, sameRoom, settings } = this.store.get();
    const elsewhere = sameRoom && settings?.room_sound !== '' && settings?.room_sound !== this.participantId;
    this.follower.screen.setMuted(muted || elsewhere);
  }

  /** An order to whoever this window follows: the class, or itself while it browses freely. */
  private steer(order: Order, expect: Partial<Timeline> | null): Promise<void> {
    const { free } = this;
    if (!free) return this.command(order, expect && { ...expect, at: this.soon() });
    const now = this.clock.now() ?? free.at;
    this.free = { ...free, pos: positionAt(free, now, this.store.get().duration), at: now, ...expect };
    this.show();
    return Promise.resolve();
  }

  /** When a command that is sent now will take effect, as far as one can know. */
  private soon(): number {
    return (this.clock.now() ?? 0) + this.clock.rtt / 2 + LEAD_MS;
  }

  /** The own picture follows the expectation at once; the server's answer replaces it, whichever way it went. */
  private async command(order: Order, expect: Partial<Timeline> | null): Promise<void> {
    const shown = this.asked ?? this.confirmed;
    const turn = ++this.commands;
    if (expect && shown) {
      this.asked = { ...shown, ...expect, until: undefined };
      this.show();
    }
    try {
      const ack = await this.options.socket.send<PlaybackAck>('playback.command', {
        meeting_id: this.options.meetingId,
        id: newId(),
        base_v: this.confirmed?.v ?? 0,
        ...order,
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
    const { free } = this;
    this.follower.follow(free ?? timeline);
    this.store.patch({ timeline, free: free !== null });
    const local = this.store.get().local;
    if (local?.playing !== free?.playing || local?.rate !== free?.rate) {
      this.store.patch({ local: free && { playing: free.playing, rate: free.rate } });
    }
  }

  private publish(): void {
    const { screen, state, duration, errorMs, bufferS, ready } = this.follower;
    const { problem, needsTap, player } = screen;
    const follow = this.free && state !== 'error' ? 'free' : state;
    this.store.patch({ follow, problem, needsTap, duration, captions: player?.captions ?? null, title: player?.title ?? null });
    const now = performance.now();
    if (now - this.errorAt >= ERROR_EVERY_MS) {
      this.errorAt = now;
      this.store.patch({ errorMs: Math.round(errorMs / 10) * 10 });
    }
    if (this.confirmed?.item) {
      const err_ms = this.free ? 0 : errorMs;
      this.report.update({ v: this.confirmed.v, state: follow, err_ms, buffer_s: bufferS, rtt_ms: this.clock.rtt, ready });
    }
    if (this.confirmed?.playing && this.confirmed.entry_id && !this.free) {
      this.nextUp.look(endOf(this.confirmed, duration) - this.follower.position());
    }
  }
}
