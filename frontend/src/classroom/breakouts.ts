import type { BreakoutPlan, MeetingAnnouncement, MeetingOpenBreakouts } from '@/api/wire.gen';
import { Store } from '@/media/store';
import type { ClassroomOptions } from './classroom';

export interface BreakoutsSnapshot {
  /** A teacher's last words to all rooms. */
  announcement: MeetingAnnouncement | null;
}

/** The groups' rooms, as far as they are not in Classroom's state: opening, moving, telling all, recalling. */
export class BreakoutRooms {
  private readonly store = new Store<BreakoutsSnapshot>({ announcement: null });
  private readonly offs: (() => void)[];

  constructor(private readonly options: ClassroomOptions) {
    const { socket, meetingId } = options;
    this.offs = [socket.on('meeting.broadcast', (words) => words.meeting_id === meetingId && this.store.patch({ announcement: words }))];
  }

  readonly snapshot = this.store.get;
  readonly subscribe = this.store.subscribe;

  /** Teachers only, like all that follows. */
  open(rooms: BreakoutPlan[], durationS = 0): Promise<unknown> {
    const command: MeetingOpenBreakouts = { rooms, duration_s: durationS };
    return this.options.socket.send('meeting.breakouts_open', command);
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
