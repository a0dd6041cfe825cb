import type { Lobby, MeetingCalled, MeetingJoined, MeetingState, Waiter } from '@/api/wire.gen';
import { Store } from '@/media/store';
import type { Socket } from '@/realtime/socket';

export interface ClassroomSnapshot {
  /** Spotlight, breakouts, and whose voice all of them hear. */
  state: MeetingState;
  /** Teachers: who waits to be let in, longest first. */
  lobby: Waiter[];
  /** Who was given the word last. */
  called: MeetingCalled | null;
  /** The post whose comments are the meeting's chat; null while there is none. */
  postId: string | null;
  /** The newest entry of the chat that was seen in this stay. */
  chatSeen: string | null;
}

export interface ClassroomOptions {
  socket: Pick<Socket, 'on' | 'send'>;
  meetingId: string;
}

const nobody: MeetingState = { spotlight: '', broadcasting: '', breakouts: null };

/** What a class does in a meeting beside sending sound and pictures: who may come in, who has the word, whom all look at. */
export class Classroom {
  private readonly store = new Store<ClassroomSnapshot>({ state: nobody, lobby: [], called: null, postId: null, chatSeen: null });
  private readonly offs: (() => void)[];

  constructor(private readonly options: ClassroomOptions) {
    const { socket, meetingId } = options;
    const here = <T extends { meeting_id: string }>(then: (data: T) => void) => (data: T) => {
      if (data.meeting_id === meetingId) then(data);
    };
    this.offs = [
      socket.on('meeting.state', here(({ state }) => this.store.patch({ state }))),
      socket.on('meeting.lobby', here(({ waiting }: Lobby) => this.store.patch({ lobby: waiting }))),
      socket.on('meeting.called', here((called) => this.store.patch({ called }))),
      socket.on('post.created', (post) => {
        if (post.meeting_id === meetingId) this.chatIsAt(post.id);
      }),
      socket.on('post.deleted', ({ id }) => {
        if (id === this.snapshot().postId) this.store.patch({ postId: null });
      }),
    ];
  }

  get meetingId(): string {
    return this.options.meetingId;
  }

  readonly snapshot = this.store.get;
  readonly subscribe = this.store.subscribe;

  /** What each entry was answered with. */
  joined(ack: MeetingJoined): void {
    this.store.patch({ state: ack.state, lobby: ack.lobby, postId: ack.post_id });
  }

  /** The post under which the meeting talks has been found or made. */
  chatIsAt(postId: string): void {
    this.store.patch({ postId });
  }

  /** The chat has been read up to and including this entry. Ids are in the order of creation. */
  sawChat(commentId: string): void {
    const { chatSeen } = this.snapshot();
    if (chatSeen === null || commentId > chatSeen) this.store.patch({ chatSeen: commentId });
  }

  /** Lets one in, or all members who wait. Teachers only, like all that follows. */
  admit(userId?: string): Promise<unknown> {
    return this.options.socket.send('meeting.admit', userId ? { user_id: userId } : {});
  }

  deny(userId: string): Promise<unknown> {
    return this.options.socket.send('meeting.deny', { user_id: userId });
  }

  /** Gives somebody the word, or whoever raised the hand first. */
  callOn(participantId?: string): Promise<unknown> {
    return this.options.socket.send('meeting.call_on', participantId ? { participant_id: participantId } : {});
  }

  /** Lowers one hand, or all. */
  lowerHand(participantId?: string): Promise<unknown> {
    return this.options.socket.send('meeting.lower_hand', participantId ? { participant_id: participantId } : {});
  }

  /** Shows somebody to everybody; null ends it. */
  spotlight(participantId: string | null): Promise<unknown> {
    return this.options.socket.send('meeting.spotlight', { participant_id: participantId ?? '' });
  }

  close(): void {
    for (const off of this.offs.splice(0)) off();
  }
}
