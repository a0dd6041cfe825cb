import type { BreakoutPlan, MeetingAnnouncement, MeetingOpenBreakouts } from '@/api/wire.gen';
import { Store } from '@/media/store';
import type { ClassroomOptions } from './classroom';
import type { DraftGroup } from './grouping';

/** Words to all rooms; counted, since the same may be said twice. */
export interface Announcement extends MeetingAnnouncement {
  count: number;
}

export interface BreakoutsSnapshot {
  /** A teacher's last words to all rooms, until they are put away. */
  announcement: Announcement | null;
  /** The groups that this teacher plans; kept while the panel is closed. */
  draft: DraftGroup[] | null;
  /** How long the planned groups shall have, minutes; 0: as long as a teacher likes. */
  minutes: number;
}

/** The groups' rooms, as far as they are not in Classroom's state: planning, opening, moving, telling all, recalling. */
export class BreakoutRooms {
  private readonly store = new Store<BreakoutsSnapshot>({ announcement: null, draft: null, minutes: 10 });
  private readonly offs: (() => void)[];
  private heard = 0;

  constructor(private readonly options: ClassroomOptions) {
    const { socket, meetingId } = options;
    this.offs = [
      socket.on('meeting.broadcast', (words) => {
        if (words.meeting_id === meetingId) this.store.patch({ announcement: { ...words, count: ++this.heard } });
      }),
      socket.on('meeting.state', ({ meeting_id, state }) => {
        if (meeting_id === meetingId && !state.breakouts) this.putAway();
      }),
    ];
  }

  readonly snapshot = this.store.get;
  readonly subscribe = this.store.subscribe;

  putAway(): void {
    this.store.patch({ announcement: null });
  }

  /** Teachers only, like all that follows. */
  plan(draft: DraftGroup[] | null): void {
    this.store.patch({ draft });
  }

  planMinutes(minutes: number): void {
    this.store.patch({ minutes });
  }

  async open(rooms: BreakoutPlan[], durationS = 0): Promise<void> {
    const command: MeetingOpenBreakouts = { rooms, duration_s: durationS };
    await this.options.socket.send('meeting.breakouts_open', command);
    this.plan(null);
  }

  extend(seconds: number): Promise<unknown> {
    return this.options.socket.send('meeting.breakouts_extend', { seconds });
  }

  /** Recalls everybody after a countdown. */
  recall(countdownS: number): Promise<unknown> {
    return this.options.socket.send('meeting.breakouts_close', { countdown_s: countdownS });
  }

  /** Into a room, or to the main one (""); oneself too. */
  move(participantId: string, roomId: string): Promise<unknown> {
    return this.options.socket.send('meeting.move', { participant_id: participantId, room_id: roomId });
  }

  tellAll(text: string): Promise<unknown> {
    return this.options.socket.send('meeting.broadcast', { text });
  }

  speakToAll(voice: boolean): Promise<unknown> {
    return this.options.socket.send('meeting.broadcast', { voice });
  }

  close(): void {
    for (const off of this.offs.splice(0)) off();
  }
}
