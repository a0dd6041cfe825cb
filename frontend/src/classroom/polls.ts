import type { MeetingJoined, Poll, PollOpen, PollResult } from '@/api/wire.gen';
import { Store } from '@/media/store';
import type { ClassroomOptions } from './classroom';

export interface PollsSnapshot {
  /** Newest first. */
  polls: Poll[];
  /** Teachers: the votes, by poll. */
  results: Readonly<Record<string, PollResult>>;
}

/** The polls of a meeting, with one's own votes. */
export class Polls {
  private readonly store = new Store<PollsSnapshot>({ polls: [], results: {} });
  private readonly offs: (() => void)[];

  constructor(private readonly options: ClassroomOptions) {
    const { socket, meetingId } = options;
    this.offs = [
      socket.on('meeting.poll', ({ meeting_id, poll }) => meeting_id === meetingId && this.onPoll(poll)),
      socket.on('meeting.poll_result', (result) => {
        if (result.meeting_id === meetingId) this.store.patch({ results: { ...this.snapshot().results, [result.poll_id]: result } });
      }),
    ];
  }

  readonly snapshot = this.store.get;
  readonly subscribe = this.store.subscribe;

  joined(ack: MeetingJoined): void {
    this.store.patch({ polls: ack.polls });
  }

  /** Teachers only. */
  async open(poll: PollOpen): Promise<void> {
    await this.options.socket.send('meeting.poll_open', poll);
  }

  /** Teachers only. */
  async end(pollId: string): Promise<void> {
    await this.options.socket.send('meeting.poll_close', { poll_id: pollId });
  }

  async vote(pollId: string, choices: number[]): Promise<void> {
    const poll = await this.options.socket.send<Poll>('meeting.poll_vote', { poll_id: pollId, choices });
    this.store.patch({ polls: this.snapshot().polls.map((one) => (one.id === pollId ? poll : one)) });
  }

  close(): void {
    for (const off of this.offs.splice(0)) off();
  }

  /** The event is the same for all: what is one's own stays. */
  private onPoll(poll: Poll): void {
    const { polls } = this.snapshot();
    const known = polls.find((one) => one.id === poll.id);
    const next = { ...poll, my_choices: known?.my_choices ?? null, i_voted: known?.i_voted ?? false };
    this.store.patch({ polls: known ? polls.map((one) => (one === known ? next : one)) : [next, ...polls] });
  }
}
