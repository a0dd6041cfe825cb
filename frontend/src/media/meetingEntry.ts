import type { MeetingDenied, MeetingJoin, MeetingJoined, Waiting } from '@/api/wire.gen';
import { SocketError } from '@/realtime/socket';
import { MediaConnection } from './connection';
import type { MeetingEnding, Stay } from './meetingSnapshot';
import { reconcile } from './roster';

const GIVE_UP_MS = 30_000;
const RETRY_MS = { min: 500, max: 3_000 };

export interface EntryListener {
  /** What is said of oneself at the door. */
  marks(): Pick<MeetingJoin, 'muted' | 'video_on'>;
  /** In, for the first time or again: the connection takes tracks from now on. `samePlace`: hand and room are as they were. */
  entered(ack: MeetingJoined, connection: MediaConnection, samePlace: boolean): void;
  over(ending: MeetingEnding): void;
}

/** The way in: entering, waiting at the door, and coming back after the connection was lost. */
export class MeetingEntry {
  connection: MediaConnection | null = null;
  private readonly offs: (() => void)[];
  private enteredSession = 0;
  /** Counts entries; an answer to an older one is ignored. */
  private turn = 0;
  private giveUpTimer: ReturnType<typeof setTimeout> | undefined;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  /** The media server has ports of its own; relays, which cost a socket for each participant, help when no path was found. */
  private needsRelay = false;

  constructor(
    private readonly stay: Stay,
    private readonly listener: EntryListener,
  ) {
    const { socket, meetingId } = stay;
    const waiting = <T extends { meeting_id: string }>(handle: (data: T) => void) => (data: T) => {
      if (data.meeting_id === meetingId && this.phase === 'waiting') handle(data);
    };
    this.offs = [
      socket.onState(() => this.onSocketState()),
      socket.on('server.restarting', () => this.stay.store.patch({ restarting: true })),
      socket.on('meeting.waiting', waiting((waiting) => this.stay.store.patch({ waiting }))),
      socket.on('meeting.admitted', waiting(() => this.begin())),
      socket.on('meeting.denied', waiting((denied) => this.denied(denied))),
    ];
  }

  /** In the room, or on the way there. */
  get inside(): boolean {
    return ['joining', 'joined', 'reconnecting'].includes(this.phase);
  }

  begin(): void {
    this.stay.store.patch({ phase: 'joining', refusal: null });
    this.armGiveUp();
    if (this.stay.socket.state === 'open') void this.enter();
  }

  /** The media path is gone: the same place once more. */
  again(): void {
    if (!this.inside) return;
    this.needsRelay = true;
    this.reconnecting();
    this.retry();
  }

  close(): void {
    this.turn += 1;
    for (const off of this.offs.splice(0)) off();
    for (const timer of [this.giveUpTimer, this.retryTimer]) clearTimeout(timer);
    this.connection?.close();
  }

  private get phase() {
    return this.stay.store.get().phase;
  }

  private async enter(): Promise<void> {
    const { socket, meetingId, store } = this.stay;
    const turn = ++this.turn;
    clearTimeout(this.retryTimer);
    this.connection?.close();
    store.patch({ interrupted: false, quality: {} });
    const connection = new MediaConnection(socket, {
      media: (remote) => store.patch({ remote }),
      interrupted: (interrupted) => this.onInterrupted(interrupted),
      failed: () => this.again(),
    });
    this.connection = connection;
    this.enteredSession = socket.sessionCount;
    const { me } = store.get();
    try {
      const join: MeetingJoin = { meeting_id: meetingId, ...this.listener.marks() };
      const ack = await socket.send<MeetingJoined>('meeting.join', me ? { ...join, participant_id: me } : join);
      if (turn === this.turn) this.entered(connection, ack);
    } catch (error) {
      if (turn === this.turn) this.onRefused(error);
    }
  }

  private entered(connection: MediaConnection, ack: MeetingJoined): void {
    const { store, notice } = this.stay;
    const { phase, participants, me } = store.get();
    clearTimeout(this.giveUpTimer);
    store.patch({
      phase: 'joined',
      restarting: false,
      waiting: null,
      me: ack.participant_id,
      participants: reconcile(participants, ack.participants),
      settings: ack.settings,
    });
    connection.start(this.needsRelay ? ack.ice_servers : []);
    this.listener.entered(ack, connection, me === ack.participant_id);
    if (phase === 'reconnecting') notice({ kind: 'back' });
  }

  private onRefused(error: unknown): void {
    const { store } = this.stay;
    const code = error instanceof SocketError ? error.code : 'internal';
    this.connection?.close();
    if (code === 'connection_lost') return; // The socket's next session enters again.
    if (code === 'waiting') {
      this.wait((error as SocketError).current as Waiting);
    } else if (code === 'timeout' || code === 'internal' || code === 'rate_limited') {
      this.retry();
    } else if (store.get().me) {
      // The old place is gone; a new one may still be had.
      store.patch({ me: null });
      void this.enter();
    } else if (code === 'denied') {
      this.denied((error as SocketError).current as MeetingDenied);
    } else {
      store.patch({ refusal: code });
      this.listener.over('refused');
    }
  }

  /** Until a teacher has answered, however long that takes. */
  private wait(waiting: Waiting): void {
    clearTimeout(this.giveUpTimer);
    this.stay.store.patch({ phase: 'waiting', waiting, me: null, remote: [], speakers: [] });
  }

  private denied({ again_s }: MeetingDenied): void {
    this.stay.store.patch({ askAgainAt: Date.now() + again_s * 1000 });
    this.listener.over('denied');
  }

  private onSocketState(): void {
    const { socket, store } = this.stay;
    const waits = this.phase === 'waiting';
    if (socket.state === 'open' && !this.inside) store.patch({ restarting: false }); // else it is back when one is in again
    if (!this.inside && !waits) return;
    if (socket.state === 'open' && socket.sessionCount !== this.enteredSession) void this.enter();
    else if (socket.state === 'closed') this.giveUp();
    else if (waits) store.patch({ interrupted: socket.state !== 'open' });
    else if (socket.state === 'reconnecting') this.reconnecting();
  }

  private onInterrupted(interrupted: boolean): void {
    this.stay.store.patch({ interrupted });
    if (!interrupted) this.stay.notice({ kind: 'back' });
  }

  private reconnecting(): void {
    if (this.phase !== 'joined') return;
    this.stay.store.patch({ phase: 'reconnecting', speakers: [] });
    this.armGiveUp();
  }

  private retry(): void {
    clearTimeout(this.retryTimer);
    const wait = RETRY_MS.min + Math.random() * (RETRY_MS.max - RETRY_MS.min);
    this.retryTimer = setTimeout(() => {
      if ((this.inside || this.phase === 'waiting') && this.stay.socket.state === 'open') void this.enter();
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
    this.stay.store.patch({ phase: 'lost', waiting: null, remote: [], speakers: [] });
  }
}
