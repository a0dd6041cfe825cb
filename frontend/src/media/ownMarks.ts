import type { MeetingJoined, MeetingStateUpdate, Participant, TrackSourceName } from '@/api/wire.gen';
import { SocketError } from '@/realtime/socket';
import type { MediaConnection } from './connection';
import type { LocalMedia } from './localMedia';
import { ownParticipant, type Stay } from './meetingSnapshot';
import { type MainRoom, type Resume, saveResume } from './resume';

type Lockable = 'microphone' | 'camera' | 'screen';

/** What one shows of oneself: microphone, camera, screen and hand, here and as the others are told. */
export class OwnMarks {
  /** As the server has them, so that only news is sent. */
  private told: MeetingStateUpdate = {};
  /** The server has let this window be the one that shares a screen. */
  private sharing = false;
  /** Changes of the hand that the server has not taken yet: until then its word on it is old. */
  private handsAsked = 0;
  /** The room one was in last, and how one left the main one; null while there. */
  private room: string | null = null;
  private main: MainRoom | null = null;

  constructor(
    private readonly stay: Stay,
    private readonly local: LocalMedia,
    private readonly connection: () => MediaConnection | null,
  ) {}

  /** As a page that was reloaded left it. */
  resume({ muted, videoOn, main }: Resume): void {
    this.main = main ?? null;
    this.stay.store.patch({ muted });
    if (!muted) void this.local.open('microphone');
    if (videoOn) void this.local.open('camera');
  }

  /** Brings the server in line with this window: after the first entry and after each return. */
  entered(ack: MeetingJoined, connection: MediaConnection, samePlace: boolean): void {
    const own = ack.participants.find((p) => p.participant_id === ack.participant_id);
    this.told = { ...own };
    this.sharing = false;
    const { microphone, camera, screen } = this.local.snapshot();
    connection.set('microphone', microphone.track);
    connection.set('camera', camera.track);
    connection.set('screen', screen?.video ?? null);
    connection.set('screen_audio', screen?.audio ?? null);
    this.applyMuted(this.snapshot().muted);
    this.obeyLocks();
    if (own) {
      // A hand that was taken down meanwhile stays down, unless it was raised after the connection was lost. A new place has none.
      const serverKnows = this.handsAsked === 0 && (samePlace || !this.snapshot().handRaised);
      if (serverKnows) this.stay.store.patch({ handRaised: own.hand_raised });
      this.enterRoom(own.room_id);
    }
    this.handsAsked = 0;
    void this.mark(this.marks());
    if (this.snapshot().handRaised !== this.told.hand_raised) this.raiseHand(this.snapshot().handRaised);
    if (this.local.snapshot().screen) void this.announceScreen();
  }

  /** What is said of oneself at the door. */
  marks(): { muted: boolean; video_on: boolean } {
    return { muted: this.silent, video_on: this.local.snapshot().camera.track !== null };
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
    if (this.locked('screen')) return;
    const other = this.sharer();
    if (other && ownParticipant(this.snapshot())?.role === 'student') {
      this.stay.notice({ kind: 'screen_busy', user: other.user });
    } else if (await this.local.shareScreen()) {
      await this.announceScreen();
    }
  }

  stopScreen(): void {
    this.sharing = false;
    this.local.stopScreen();
    void this.mark({ screen_sharing: false });
  }

  /** Who shares a screen in this room while only one may; a teacher takes over from them, students wait. */
  sharer(): Participant | null {
    const { participants, settings, me } = this.snapshot();
    if (settings.many_screens) return null;
    const room = ownParticipant(this.snapshot())?.room_id ?? '';
    return participants.find((p) => p.screen_sharing && p.participant_id !== me && p.room_id === room) ?? null;
  }

  raiseHand(handRaised: boolean): void {
    this.stay.store.patch({ handRaised });
    this.handsAsked += 1;
    const undo = () => this.stay.store.patch({ handRaised: false });
    void this.mark({ hand_raised: handRaised }, undo).then((taken) => {
      // What a lost connection swallowed is asked again on coming back.
      if (taken || this.stay.store.get().phase === 'joined') this.handsAsked = Math.max(0, this.handsAsked - 1);
    });
  }

  onLocalTrack(source: TrackSourceName, track: MediaStreamTrack | null): void {
    if (source === 'microphone' && track) track.enabled = this.audible(this.snapshot().muted);
    this.connection()?.set(source, track);
    // Also for a device that was still opening when its owner entered, and for one that was unplugged.
    if (source === 'microphone') void this.mark({ muted: this.snapshot().muted || !track }, () => this.applyMuted(true));
    if (source === 'camera') void this.mark({ video_on: track !== null }, track ? () => this.local.switchOff('camera') : undefined);
    this.remember();
  }

  /** The server's word on oneself: moved, hand taken down, screen taken over. */
  changed(own: Participant): void {
    if (this.handsAsked === 0) {
      this.told.hand_raised = own.hand_raised;
      this.stay.store.patch({ handRaised: own.hand_raised });
    }
    this.enterRoom(own.room_id);
    if (this.sharing && !own.screen_sharing) this.screenTaken();
  }

  mutedBy(userId: string): void {
    this.told.muted = true;
    if (this.snapshot().muted) return;
    this.applyMuted(true);
    this.stay.notice({ kind: 'muted_by', user: this.userOf(userId) });
  }

  obeyLocks(): void {
    const { camera, screen } = this.local.snapshot();
    if (!this.silent && this.locked('microphone')) void this.setMuted(true);
    if (camera.track && this.locked('camera')) void this.setCamera(false);
    if (screen && this.locked('screen')) this.stopScreen();
  }

  private snapshot() {
    return this.stay.store.get();
  }

  /** Another room is a fresh start there; the main one is found again as it was left. A shared screen stays behind. */
  private enterRoom(room: string): void {
    const moved = this.room !== null && this.room !== room;
    this.room = room;
    if (moved && this.local.snapshot().screen) {
      this.told.screen_sharing = false;
      this.sharing = false;
      this.local.stopScreen();
      this.stay.notice({ kind: 'screen_left' });
    }
    if (room !== '') {
      this.main ??= { muted: this.snapshot().muted, videoOn: this.local.snapshot().camera.track !== null };
    } else if (this.main) {
      const { muted, videoOn } = this.main;
      this.main = null;
      void this.setMuted(muted);
      void this.setCamera(videoOn);
      this.stay.notice({ kind: 'main_room' });
    }
    this.remember();
  }

  /** Whether teachers have locked a source for this person, who is told so. */
  private locked(source: Lockable): boolean {
    const { settings } = this.snapshot();
    const own = ownParticipant(this.snapshot());
    const locks: Record<Lockable, boolean> = {
      // Groups meet to talk; the lock is the main room's.
      microphone: settings.microphones_locked && own?.may_speak !== true && own?.room_id === '',
      camera: settings.cameras_locked,
      screen: settings.screen_locked,
    };
    if (own?.role !== 'student' || !locks[source]) return false;
    this.stay.notice({ kind: 'locked', source });
    return true;
  }

  private applyMuted(muted: boolean): void {
    const { track } = this.local.snapshot().microphone;
    if (track) track.enabled = this.audible(muted);
    this.stay.store.patch({ muted });
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

  /** One screen at a time: the server may say no, and a teacher may take over later. */
  private async announceScreen(): Promise<void> {
    const shared = await this.mark({ screen_sharing: true }, () => this.screenTaken());
    this.sharing = shared && this.local.snapshot().screen !== null;
  }

  private screenTaken(): void {
    this.told.screen_sharing = false;
    this.sharing = false;
    this.local.stopScreen();
    const other = this.sharer();
    this.stay.notice({ kind: 'screen_taken', ...(other ? { user: other.user } : {}) });
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
      await this.stay.socket.send('meeting.state_update', Object.fromEntries(news.map((name) => [name, marks[name]])));
      return true;
    } catch (error) {
      Object.assign(told, Object.fromEntries(news.map((name) => [name, undefined])));
      if (error instanceof SocketError && (error.code === 'forbidden' || error.code === 'conflict')) undo?.();
      return false;
    }
  }

  private userOf(id: string) {
    return this.snapshot().participants.find((p) => p.user.id === id)?.user ?? null;
  }

  private remember(): void {
    const { phase, muted, me } = this.snapshot();
    if (phase !== 'joined') return;
    const videoOn = this.local.snapshot().camera.track !== null;
    saveResume({ meetingId: this.stay.meetingId, muted, videoOn, participantId: me, ...(this.main ? { main: this.main } : {}) });
  }
}
