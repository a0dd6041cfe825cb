import type { MeetingSettingsCommand, Participant, Tile } from '@/api/wire.gen';
import { LocalMedia } from './localMedia';
import { MeetingEntry } from './meetingEntry';
import { MeetingPeople } from './meetingPeople';
import { before, type MeetingEnding, type MeetingOptions, type MeetingSnapshot, type Stay } from './meetingSnapshot';
import { OwnMarks } from './ownMarks';
import { clearResume, type Resume } from './resume';
import type { MediaPeers } from './statistics';
import { Store } from './store';
import { ViewSender } from './viewSender';
import { WakeLock } from './wakeLock';

export type { MeetingNotice, MeetingOptions, MeetingPhase, MeetingSnapshot, MeetingSocket } from './meetingSnapshot';

/** One window's stay in a meeting, from the device check to the end. */
export class MeetingSession {
  readonly local: LocalMedia;
  private readonly store = new Store<MeetingSnapshot>(before);
  private readonly entry: MeetingEntry;
  private readonly people: MeetingPeople;
  private readonly own: OwnMarks;
  private readonly awake = new WakeLock();
  private readonly offs: (() => void)[];
  private readonly view = new ViewSender(
    () => this.snapshot().phase === 'joined',
    (view) => this.tell('meeting.view', view),
  );

  constructor(private readonly options: MeetingOptions) {
    const { socket, meetingId, onNotice } = options;
    const stay: Stay = { socket, meetingId, store: this.store, notice: onNotice };
    this.local = new LocalMedia({
      track: (source, track) => this.own.onLocalTrack(source, track),
      sound: (sound) => this.entry.connection?.setSound(sound),
      notice: onNotice,
      screenEnded: () => this.stopScreen(),
    });
    this.own = new OwnMarks(stay, this.local, () => this.entry.connection);
    this.entry = new MeetingEntry(stay, {
      marks: () => this.own.marks(),
      entered: (ack, connection, samePlace) => {
        connection.setSound(this.local.sound);
        this.own.entered(ack, connection, samePlace);
        this.view.again();
        options.onJoined(ack);
      },
      over: (ending) => this.finish(ending),
    });
    const inside = () => this.entry.inside;
    this.people = new MeetingPeople(stay, { own: (own) => this.own.changed(own), lost: () => this.entry.again() }, inside);
    const ours = <T extends { meeting_id: string }>(handle: (data: T) => void) => (data: T) => {
      if (data.meeting_id === meetingId && inside()) handle(data);
    };
    this.offs = [
      this.store.subscribe(() => this.awake.set(this.present)),
      socket.on('meeting.settings', ours(({ settings }) => {
        this.store.patch({ settings });
        this.own.obeyLocks();
      })),
      socket.on('meeting.muted', ours(({ by_user_id }) => this.own.mutedBy(by_user_id))),
      socket.on('meeting.removed', ours(() => this.finish('removed'))),
      socket.on('meeting.ended', (ended) => {
        if (ended.meeting_id === meetingId) this.finish('ended');
      }),
    ];
  }

  readonly snapshot = this.store.get;
  readonly subscribe = this.store.subscribe;

  get meetingId(): string {
    return this.options.meetingId;
  }

  /** Enters with the devices as they are open now, or asks at the door. */
  join(resume?: Resume): void {
    const { phase } = this.snapshot();
    if (phase !== 'preview' && phase !== 'lost') return;
    if (resume) {
      this.store.patch({ me: resume.participantId });
      this.own.resume(resume);
    }
    this.entry.begin();
  }

  leave(): void {
    if (this.present) this.tell('meeting.leave', {});
    this.finish('left');
  }

  /** Ends the meeting for everyone. Throws what the server says against it. */
  async end(): Promise<void> {
    await this.options.socket.send('meeting.end', { meeting_id: this.options.meetingId });
    this.finish('ended');
  }

  setMuted(muted: boolean): Promise<void> {
    return this.own.setMuted(muted);
  }

  setCamera(on: boolean): Promise<void> {
    return this.own.setCamera(on);
  }

  shareScreen(): Promise<void> {
    return this.own.shareScreen();
  }

  stopScreen(): void {
    this.own.stopScreen();
  }

  /** Whose screen a teacher would take over by sharing one. */
  sharer(): Participant | null {
    return this.own.sharer();
  }

  raiseHand(handRaised: boolean): void {
    this.own.raiseHand(handRaised);
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
    return this.entry.connection?.peers() ?? null;
  }

  /** Closes everything this session opened. May be called at any time, any number of times. */
  close(): void {
    if (this.present) this.leave();
    else this.dispose();
  }

  /** In the room, on the way there, or waiting at its door. */
  private get present(): boolean {
    return this.entry.inside || this.snapshot().phase === 'waiting';
  }

  /** For what the server learns again anyway if it gets lost. */
  private tell(type: string, data: unknown): void {
    this.options.socket.send(type, data).catch(() => undefined);
  }

  private finish(phase: MeetingEnding): void {
    this.store.patch({ phase, waiting: null, remote: [], speakers: [] });
    this.dispose();
    clearResume();
  }

  private dispose(): void {
    for (const off of this.offs.splice(0)) off();
    this.people.close();
    this.entry.close();
    this.awake.close();
    this.view.close();
    this.local.close();
  }
}
