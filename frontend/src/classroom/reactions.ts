import type { MeetingReaction } from '@/api/wire.gen';
import { Store } from '@/media/store';
import type { ClassroomOptions } from './classroom';

/** Those that there are, as the server knows them. */
export const reactions = ['👍', '👏', '❤️', '😂', '😮', '🎉', '🤔', '👎'] as const;

export interface FloatingReaction extends MeetingReaction {
  /** Of this window, to tell two alike apart. */
  key: number;
}

export interface ReactionsSnapshot {
  /** Those still in the air, oldest first. */
  floating: FloatingReaction[];
}

/** How long one is in the air. */
export const FLOAT_MS = 4_000;

/** More than these are no clearer: the oldest go. */
const MOST = 60;

/** Reactions that rise and fade. */
export class Reactions {
  private readonly store = new Store<ReactionsSnapshot>({ floating: [] });
  private readonly offs: (() => void)[];
  private readonly timers = new Set<ReturnType<typeof setTimeout>>();
  private next = 1;

  constructor(private readonly options: ClassroomOptions) {
    const { socket, meetingId } = options;
    this.offs = [socket.on('meeting.reaction', (reaction) => reaction.meeting_id === meetingId && this.float(reaction))];
  }

  readonly snapshot = this.store.get;
  readonly subscribe = this.store.subscribe;

  send(emoji: string): void {
    this.options.socket.send('meeting.react', { emoji }).catch(() => undefined);
  }

  close(): void {
    for (const off of this.offs.splice(0)) off();
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
  }

  private float(reaction: MeetingReaction): void {
    const key = this.next++;
    this.store.patch({ floating: [...this.snapshot().floating, { ...reaction, key }].slice(-MOST) });
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      this.store.patch({ floating: this.snapshot().floating.filter((one) => one.key !== key) });
    }, FLOAT_MS);
    this.timers.add(timer);
  }
}
