import type { MeetingCaptionShown, MeetingJoined } from '@/api/wire.gen';
import { Store } from '@/media/store';
import type { ClassroomOptions } from './classroom';

export interface CaptionsSnapshot {
  /** One reads captions. */
  on: boolean;
  /** Somebody does: only then one's own speech is worth recognising. */
  wanted: boolean;
  /** The last lines, oldest first. */
  lines: MeetingCaptionShown[];
}

/** What is said, written down by the browsers of those who say it. */
export class Captions {
  private readonly store = new Store<CaptionsSnapshot>({ on: false, wanted: false, lines: [] });
  private readonly offs: (() => void)[];

  constructor(private readonly options: ClassroomOptions) {
    const { socket, meetingId } = options;
    this.offs = [
      socket.on('meeting.captions_wanted', ({ meeting_id, wanted }) => meeting_id === meetingId && this.store.patch({ wanted })),
    ];
  }

  readonly snapshot = this.store.get;
  readonly subscribe = this.store.subscribe;

  joined(ack: MeetingJoined): void {
    this.store.patch({ wanted: ack.captions_wanted });
    if (this.snapshot().on) this.tell(true);
  }

  show(on: boolean): void {
    this.store.patch({ on, lines: [] });
    this.tell(on);
  }

  close(): void {
    for (const off of this.offs.splice(0)) off();
  }

  private tell(on: boolean): void {
    this.options.socket.send('meeting.captions', { on }).catch(() => undefined);
  }
}
