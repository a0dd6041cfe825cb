import type { MeetingJoin, MeetingJoined, MeetingSettings, MeetingSettingsCommand, MeetingStateUpdate, Participant, ParticipantQuality, Profile, Tile, TrackSourceName } from '@/api/wire.gen';
import { type Socket, SocketError } from '@/realtime/socket';
import { MediaConnection } from './connection';
import { LocalMedia, type LocalNotice } from './localMedia';
import type { Quality } from './quality';
import { clearResume, type Resume, saveResume } from './resume';
import { reconcile, withoutParticipant, withParticipant } from './roster';
import type { MediaPeers } from './statistics';
import { Store } from './store';
import type { RemoteMedia } from './subscriber';
import { ViewSender } from './viewSender';

/**
 * preview: devices are tried, nobody sees one. joining: the first entry. joined. reconnecting: the connection was lost and
 * is being made again. lost: that took too long. The others are ends: left by oneself, ended for all, removed by a
 * teacher, refused by the server.
 */
export type MeetingPhase = 'preview' | 'joining' | 'joined' | 'reconnecting' | 'lost' | 'left' | 'ended' | 'removed' | 'refused';

export interface MeetingSnapshot {
  phase: MeetingPhase;
  /** The server's word for the refusal: room_full, not_found, forbidden … */
  refusal: string | null;
  me: string | null;
  muted: boolean;
  handRaised: boolean;
  participants: Participant[];
  remote: RemoteMedia[];
  /** Joined, but nothing is seen and heard while a new path through the network is looked for. */
  interrupted: boolean;
  /** Participant ids, loudest first. */
  speakers: string[];
  /** How well each connection carries sound and pictures, by participant id, once the server has said so. */
  quality: Readonly<Record<string, Quality>>;
  settings: MeetingSettings;
}

export type MeetingNotice =
  | LocalNotice
  | { kind: 'joined' | 'left' | 'hand'; user: Profile }
  | { kind: 'muted_by'; user: Profile | null }
  | { kind: 'locked'; source: TrackSourceName }
  | { kind: 'screen_taken' }
  | { kind: 'back' };

export type MeetingSocket = Pick<Socket, 'on' | 'send' | 'onState' | 'state' | 'sessionCount'>;

export interface MeetingOptions {
  socket: MeetingSocket;
  meetingId: string;
  onNotice: (notice: MeetingNotice) => void;
  /** What each entry was answered with, the first and every later one: it has the playback's state. */
  onJoined: (joined: MeetingJoined) => void;
}

const GIVE_UP_MS = 30_000;
const RETRY_MS = { min: 500, max: 3_000 };
const open: MeetingSettings = { microphones_locked: false, cameras_locked: false, screen_locked: false, chat_locked: false, lobby: false, many_screens: false };

/** One window's stay in a meeting, from the device check to the end. */
export class MeetingSession {
  readonly local: LocalMedia;
  private readonly store = new Store<MeetingSnapshot>({
    phase: 'preview',
    refusal: null,
    me: null,
    muted: false,
    handRaised: false,
    participants: [],
    remote: [],
    interrupted: false,
    speakers: [],
    quality: {},
    settings: open,
  });
  private connection: MediaConnection | null = null;
  private readonly offs: (() => void)[];
  private enteredSession = 0;
  /** Counts entries; an answer to an older one is ignored. */
  private turn = 0;
  private giveUpTimer: ReturnType<typeof setTimeout> | undefined;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  /** The media server has ports of its own; relays, which cost a socket for each participant, help when no path was found. */
  private needsRelay = false;
  private readonly view = new ViewSender(
    () => this.snapshot().phase === 'joined',
    (view) => this.tell('meeting.view', view),
  );
  /** The own marks as the server has them, so that only news is sent. */
  private told: MeetingStateUpdate = {};
  /** The server has let this window be the one that shares a screen. */
  private sharing = false;

  constructor(private readonly options: MeetingOptions) {
    const { socket, meetingId, onNotice } = options;
    this.local = new LocalMedia({
      track: (source, track) => this.onLocalTrack(source, track),
      notice: onNotice,
      screenEnded: () => this.stopScreen(),
    });
    const ours = <T extends { meeting_id: string }>(handle: (data: T) => void) => (data: T) => {
      if (data.meeting_id === meetingId && this.inside) handle(data);
    };
    this.offs = [
      socket.onState(() => this.onSocketState()),
      socket.on('meeting.participant_joined', ours((p) => this.onJoined(p))),
      socket.on('meeting.participant_updated', ours((p) => this.onUpdated(p))),
      socket.on('meeting.participant_left', ours(({ participant_id, reason }) => this.onLeft(participant_id, reason))),
      socket.on('meeting.speakers', ours(({ participant_ids }) => this.store.patch({ speakers: participant_ids }))),
      socket.on('meeting.quality', ours(({ participants }) => this.onQuality(participants))),
      socket.on('meeting.settings', ours(({ settings }) => this.onSettings(settings))),
      socket.on('meeting.muted', ours(({ by_user_id }) => this.onMuted(by_user_id))),
      socket.on('meeting.removed', ours(() => this.finish('removed'))),
      socket.on('meeting.ended', (ended) => {
        if (ended.meeting_id === meetingId) this.finish('ended');
      }),
    ];
  }

  readonly snapshot = this.store.get;
  readonly subscribe = this.store.subscribe;

  /** Enters with the devices as they are open now. */
  join(resume?: Resume): void {
    const { phase } = this.snapshot();
    if (phase !== 'preview' && phase !== 'lost') return;
    if (resume) {
      this.store.patch({ muted: resume.muted, me: resume.participantId });
      if (!resume.muted) void this.local.open('microphone');
      if (resume.videoOn) void this.local.open('camera');
    }
    this.store.patch({ phase: 'joining', refusal: null });
    this.armGiveUp();
    if (this.options.socket.state === 'open') void this.enter();
  }

  leave(): void {
    if (this.inside) this.tell('meeting.leave', {});
    this.finish('left');
  }

  /** Ends the meeting for everyone. Throws what the server says against it. */
  async end(): Promise<void> {
    await this.options.socket.send('meeting.end', { meeting_id: this.options.meetingId });
    this.finish('ended');
  }

  async setMuted(muted: boolean): Promise<void> {
    if (!muted && this.locked('microphone')) return;
    const track = muted ? this.local.snapshot().microphone.track : await this.local.open('microphone');
    if (!muted && !track) return;
    this.applyMuted(muted);
    await this.mark({ muted: this.silent }, () => this.applyMuted(true));
  }

  async setCamera(on: boolean): Promise<void> {
    if (!on) this.local.switchOff('camera');
    else if (!this.locked('camera')) await this.local.open('camera');
  }

  async shareScreen(): Promise<void> {
    if (this.locked('screen') || !(await this.local.shareScreen())) return;
    await this.announceScreen();
  }

  stopScreen(): void {
    this.sharing = false;
    this.local.stopScreen();
    void this.mark({ screen_sharing: false });
  }

  raiseHand(handRaised: boolean): void {
    this.store.patch({ handRaised });
    void this.mark({ hand_raised: handRaised }, () => this.store.patch({ handRaised: false }));
  }

  /** Says what is on screen, so that only that is sent here. */
  setView(tiles: Tile[]): void {
    this.view.set(tiles);
  }

  /** Mutes one participant, or every student. Teachers only. */
  mute(participantId?: string): Promise<unknown> {
    return this.options.socket.send('meeting.mute', participantId ? { participant_id: participantId } : {});
  }

  /** Locks or unlocks what students may use. Teachers only. */
  changeSettings(change: MeetingSettingsCommand): Promise<unknown> {
    return this.options.socket.send('meeting.settings', change);
  }

  /** Sends a participant out. Teachers only. */
  remove(participantId: string): Promise<unknown> {
    return this.options.socket.send('meeting.remove', { participant_id: participantId });
  }

  /** The peer connections, to be measured; null while there are none. */
  peers(): MediaPeers | null {
    return this.connection?.peers() ?? null;
  }

  /** Closes everything this session opened. May be called at any time, any number of times. */
  close(): void {
    if (this.inside) this.leave();
    else this.dispose();
  }

  private get inside(): boolean {
    return ['joining', 'joined', 'reconnecting'].includes(this.snapshot().phase);
  }

  // Entering and coming back

  private async enter(): Promise<void> {
    const { socket, meetingId } = this.options;
    const turn = ++this.turn;
    clearTimeout(this.retryTimer);
    this.connection?.close();
    this.store.patch({ interrupted: false, quality: {} });
    const connection = new MediaConnection(socket, {
      media: (remote) => this.store.patch({ remote }),
      interrupted: (interrupted) => this.onInterrupted(interrupted),
      failed: () => this.onMediaFailed(),
    });
    this.connection = connection;
    this.enteredSession = socket.sessionCount;
    const { me } = this.snapshot();
    try {
      const join: MeetingJoin = { meeting_id: meetingId, muted: this.silent, video_on: this.local.snapshot().camera.track !== null };
      const ack = await socket.send<MeetingJoined>('meeting.join', me ? { ...join, participant_id: me } : join);
      if (turn === this.turn) this.entered(connection, ack);
    } catch (error) {
      if (turn === this.turn) this.onRefused(error);
    }
  }

  private entered(connection: MediaConnection, ack: MeetingJoined): void {
    const { phase, participants } = this.snapshot();
    clearTimeout(this.giveUpTimer);
    this.store.patch({
      phase: 'joined',
      me: ack.participant_id,
      participants: reconcile(participants, ack.participants),
      settings: ack.settings,
    });
    this.told = { ...ack.participants.find((p) => p.participant_id === ack.participant_id) };
    this.sharing = false;
    connection.start(this.needsRelay ? ack.ice_servers : []);
    const { microphone, camera, screen } = this.local.snapshot();
    connection.set('microphone', microphone.track);
    connection.set('camera', camera.track);
    connection.set('screen', screen?.video ?? null);
    connection.set('screen_audio', screen?.audio ?? null);
    this.applyMuted(this.snapshot().muted);
    this.onSettings(ack.settings);
    void this.mark(this.marks());
    if (screen) void this.announceScreen();
    this.view.again();
    this.options.onJoined(ack);
    if (phase === 'reconnecting') this.options.onNotice({ kind: 'back' });
  }

  private onRefused(error: unknown): void {
    const code = error instanceof SocketError ? error.code : 'internal';
    this.connection?.close();
    if (code === 'connection_lost') return; // The socket's next session enters again.
    if (code === 'timeout' || code === 'internal' || code === 'rate_limited') {
      this.retry();
    } else if (this.snapshot().me) {
      // The old place is gone; a new one may still be had.
      this.store.patch({ me: null });
      void this.enter();
    } else {
      this.store.patch({ refusal: code });
      this.finish('refused');
    }
  }

  private onSocketState(): void {
    const { socket } = this.options;
    if (!this.inside) return;
    if (socket.state === 'open' && socket.sessionCount !== this.enteredSession) void this.enter();
    else if (socket.state === 'reconnecting') this.reconnecting();
    else if (socket.state === 'closed') this.giveUp();
  }

  private onMediaFailed(): void {
    if (!this.inside) return;
    this.needsRelay = true;
    this.reconnecting();
    this.retry();
  }

  private onInterrupted(interrupted: boolean): void {
    this.store.patch({ interrupted });
    if (!interrupted) this.options.onNotice({ kind: 'back' });
  }

  private reconnecting(): void {
    if (this.snapshot().phase !== 'joined') return;
    this.store.patch({ phase: 'reconnecting', speakers: [] });
    this.armGiveUp();
  }

  private retry(): void {
    clearTimeout(this.retryTimer);
    const wait = RETRY_MS.min + Math.random() * (RETRY_MS.max - RETRY_MS.min);
    this.retryTimer = setTimeout(() => {
      if (this.inside && this.options.socket.state === 'open') void this.enter();
    }, wait);
  }

  private armGiveUp(): void {
    clearTimeout(this.giveUpTimer);
    this.giveUpTimer = setTimeout(() => this.giveUp(), GIVE_UP_MS);
  }

  private giveUp(): void {
    this.turn += 1;
    this.connection?.close();
    clearTimeout(this.retryTimer);
    clearTimeout(this.giveUpTimer);
    this.store.patch({ phase: 'lost', remote: [], speakers: [] });
  }

  // What the others do

  private onJoined(participant: Participant): void {
    const { participants, me } = this.snapshot();
    const known = participants.some((p) => p.participant_id === participant.participant_id);
    this.store.patch({ participants: withParticipant(participants, participant) });
    if (!known && participant.participant_id !== me) this.options.onNotice({ kind: 'joined', user: participant.user });
  }

  private onUpdated(participant: Participant): void {
    const { participants, me } = this.snapshot();
    const before = participants.find((p) => p.participant_id === participant.participant_id);
    this.store.patch({ participants: withParticipant(participants, participant) });
    if (participant.participant_id === me) {
      if (this.sharing && !participant.screen_sharing) this.screenTaken();
      return;
    }
    if (participant.hand_raised && before && !before.hand_raised) this.options.onNotice({ kind: 'hand', user: participant.user });
  }

  private onLeft(id: string, reason: string): void {
    const { participants, me, phase } = this.snapshot();
    if (id === me) {
      if (reason === 'lost' && phase === 'joined') this.onMediaFailed();
      return;
    }
    const gone = participants.find((p) => p.participant_id === id);
    this.store.patch({ participants: withoutParticipant(participants, id) });
    if (gone && reason !== 'ended') this.options.onNotice({ kind: 'left', user: gone.user });
  }

  private onQuality(news: ParticipantQuality[]): void {
    const changes = Object.fromEntries(news.map(({ participant_id, quality }) => [participant_id, quality]));
    this.store.patch({ quality: { ...this.snapshot().quality, ...changes } });
  }

  private onMuted(userId: string): void {
    this.told.muted = true;
    if (this.snapshot().muted) return;
    this.applyMuted(true);
    const by = this.snapshot().participants.find((p) => p.user.id === userId);
    this.options.onNotice({ kind: 'muted_by', user: by?.user ?? null });
  }

  private onSettings(settings: MeetingSettings): void {
    this.store.patch({ settings });
    const { camera, screen } = this.local.snapshot();
    if (!this.silent && this.locked('microphone')) void this.setMuted(true);
    if (camera.track && this.locked('camera')) void this.setCamera(false);
    if (screen && this.locked('screen')) this.stopScreen();
  }

  // Oneself

  /** Whether teachers have locked a source for this person, who is told so. */
  private locked(source: 'microphone' | 'camera' | 'screen'): boolean {
    const { settings, participants, me } = this.snapshot();
    const own = participants.find((p) => p.participant_id === me);
    const locks = { microphone: settings.microphones_locked, camera: settings.cameras_locked, screen: settings.screen_locked };
    if (own?.role !== 'student' || !locks[source]) return false;
    this.options.onNotice({ kind: 'locked', source });
    return true;
  }

  private applyMuted(muted: boolean): void {
    const { track } = this.local.snapshot().microphone;
    if (track) track.enabled = this.audible(muted);
    this.store.patch({ muted });
    this.remember();
  }

  /** Muted, or without a microphone at all. */
  private get silent(): boolean {
    return this.snapshot().muted || this.local.snapshot().microphone.track === null;
  }

  /** The device check hears the microphone even of somebody who will enter muted. */
  private audible(muted: boolean): boolean {
    return !muted || this.snapshot().phase === 'preview';
  }

  private onLocalTrack(source: TrackSourceName, track: MediaStreamTrack | null): void {
    if (source === 'microphone' && track) track.enabled = this.audible(this.snapshot().muted);
    this.connection?.set(source, track);
    // Also for a device that was still opening when its owner entered, and for one that was unplugged.
    if (source === 'microphone') void this.mark({ muted: this.snapshot().muted || !track }, () => this.applyMuted(true));
    if (source === 'camera') void this.mark({ video_on: track !== null }, track ? () => this.local.switchOff('camera') : undefined);
    this.remember();
  }

  private marks(): MeetingStateUpdate {
    return { muted: this.silent, video_on: this.local.snapshot().camera.track !== null, hand_raised: this.snapshot().handRaised };
  }

  /** One screen at a time: the server may say no, and a teacher may take over later. */
  private async announceScreen(): Promise<void> {
    const shared = await this.mark({ screen_sharing: true }, () => this.screenTaken());
    this.sharing = shared && this.local.snapshot().screen !== null;
  }

  private screenTaken(): void {
    this.told.screen_sharing = false;
    this.sharing = false;
    this.local.stopScreen();
    this.options.onNotice({ kind: 'screen_taken' });
  }

  /** Tells the others. A refusal is taken back here; what a lost connection swallowed is told again on coming back. */
  private async mark(marks: MeetingStateUpdate, undo?: () => void): Promise<boolean> {
    if (this.snapshot().phase !== 'joined') return false;
    const names = Object.keys(marks) as (keyof MeetingStateUpdate)[];
    const news = names.filter((name) => marks[name] !== this.told[name]);
    if (news.length === 0) return true;
    const told = this.told;
    Object.assign(told, marks);
    try {
      await this.options.socket.send('meeting.state_update', Object.fromEntries(news.map((name) => [name, marks[name]])));
      return true;
    } catch (error) {
      Object.assign(told, Object.fromEntries(news.map((name) => [name, undefined])));
      if (error instanceof SocketError && (error.code === 'forbidden' || error.code === 'conflict')) undo?.();
      return false;
    }
  }

  /** For what the server learns again anyway if it gets lost. */
  private tell(type: string, data: unknown): void {
    this.options.socket.send(type, data).catch(() => undefined);
  }

  private remember(): void {
    const { phase, muted, me } = this.snapshot();
    if (phase !== 'joined') return;
    saveResume({ meetingId: this.options.meetingId, muted, videoOn: this.local.snapshot().camera.track !== null, participantId: me });
  }

  private finish(phase: 'left' | 'ended' | 'removed' | 'refused'): void {
    this.store.patch({ phase, remote: [], speakers: [] });
    this.dispose();
    clearResume();
  }

  private dispose(): void {
    this.turn += 1;
    for (const off of this.offs.splice(0)) off();
    for (const timer of [this.giveUpTimer, this.retryTimer]) clearTimeout(timer);
    this.view.close();
    this.connection?.close();
    this.local.close();
  }
}
