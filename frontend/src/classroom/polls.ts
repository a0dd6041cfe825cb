import { newId } from '@/api/ids';
import type { MeetingJoined, Poll, PollOpen, PollResult } from '@/api/wire.gen';
import { Store } from '@/media/store';
import type { ClassroomOptions } from './classroom';

export interface PollsSnapshot {
  /** Newest first. */
  polls: Poll[];
  /** Teachers: the votes, by poll. */
  results: Readonly<Record<string, PollResult>>;
  /** The poll that lies over the room: asked and not answered yet, or one's own vote's result. */
  card: string | null;
  /** What this teacher is about to ask; kept while the panel is closed. Its id makes a retry ask once. */
  draft: PollOpen;
}

const blank = (): PollOpen => ({ id: newId(), question: '', options: ['', ''], multiple: false, anonymous: false, live: true });

/** The polls of a meeting, with one's own votes. */
export class Polls {
  private readonly store = new Store<PollsSnapshot>({ polls: [], results: {}, card: null, draft: blank() });
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

  joined({ polls }: MeetingJoined): void {
    const before = this.snapshot().polls;
    // Coming back after a lost connection, what one has put away stays away.
    const asked = polls.find((poll) => poll.open && !poll.i_voted && !before.some(({ id }) => id === poll.id));
    const shown = polls.some(({ id }) => id === this.snapshot().card) ? this.snapshot().card : null;
    this.store.patch({ polls, card: asked?.id ?? shown });
  }

  putAway(): void {
    this.store.patch({ card: null });
  }

  async vote(pollId: string, choices: number[]): Promise<void> {
    const poll = await this.options.socket.send<Poll>('meeting.poll_vote', { poll_id: pollId, choices });
    const { polls, card } = this.snapshot();
    this.store.patch({
      polls: polls.map((one) => (one.id === pollId ? poll : one)),
      card: card === pollId && !poll.live ? null : card,
    });
  }

  /** Teachers only, like all that follows. */
  change(draft: Partial<PollOpen>): void {
    this.store.patch({ draft: { ...this.snapshot().draft, ...draft } });
  }

  /** Asks what is drafted. */
  async ask(poll: PollOpen): Promise<void> {
    await this.options.socket.send('meeting.poll_open', poll);
    this.store.patch({ draft: blank() });
  }

  async end(pollId: string): Promise<void> {
    await this.options.socket.send('meeting.poll_close', { poll_id: pollId });
  }

  close(): void {
    for (const off of this.offs.splice(0)) off();
  }

  /** The event is the same for all: what is one's own stays. */
  private onPoll(poll: Poll): void {
    const { polls, card } = this.snapshot();
    const known = polls.find((one) => one.id === poll.id);
    const next = { ...poll, my_choices: known?.my_choices ?? null, i_voted: known?.i_voted ?? false };
    // Asked just now, or ended just now: either is worth a look.
    const news = poll.open ? !known : known?.open === true;
    this.store.patch({
      polls: known ? polls.map((one) => (one === known ? next : one)) : [next, ...polls],
      card: news ? poll.id : card,
    });
  }
}
