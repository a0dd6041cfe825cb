import { newId } from '@/api/ids';
import type {
  Comment,
  LostCurve,
  Marker,
  Markers,
  Moment,
  PlaybackAnswer,
  PlaybackAnswers,
  PlaybackProblem,
  PlaybackQuestion,
  PlaybackReport,
  PlaybackState,
  Playlist,
} from '@/api/wire.gen';
import { Store } from '@/media/store';
import type { Socket } from '@/realtime/socket';
import { PlaylistEditor } from './playlistEditor';
import type { PlaylistEdit } from './playlistEdits';

/** What a class does around the video. */
export interface LessonSnapshot {
  /** With what this teacher just changed; null until the first entry. */
  playlist: Playlist | null;
  /** The stop-point that the class has reached last. */
  question: PlaybackQuestion | null;
  myAnswer: PlaybackAnswer | null;
  /** Questions about moments, oldest first. */
  comments: Comment[];
  /** Teachers: every stop-point of the channel. */
  markers: Marker[];
  /** Teachers: the answers to the question. */
  answers: PlaybackAnswers | null;
  /** Teachers: where people were lost, per item. */
  lost: LostCurve[];
}

export interface LessonOptions {
  socket: Pick<Socket, 'on' | 'send'>;
  meetingId: string;
}

/** What happens around the video that a class watches: playlist, stop-points with answers, questions, "I am lost". */
export class Lesson {
  private readonly store = new Store<LessonSnapshot>({
    playlist: null,
    question: null,
    myAnswer: null,
    comments: [],
    markers: [],
    answers: null,
    lost: [],
  });
  private readonly editor: PlaylistEditor;
  private readonly offs: (() => void)[];
  private readonly reported = new Map<string, string>();
  private postId: string | null = null;
  /** Known from the first entry on: somebody who knocks does not know it before. */
  private channelId = '';

  constructor(private readonly options: LessonOptions) {
    const { socket, meetingId } = options;
    this.editor = new PlaylistEditor(socket, (playlist) => this.store.patch({ playlist }));
    const here = <T extends { meeting_id: string }>(then: (data: T) => void) => (data: T) => {
      if (data.meeting_id === meetingId) then(data);
    };
    this.offs = [
      socket.on('playback.playlist', (list) => list.channel_id === this.channelId && this.editor.receive(list)),
      socket.on('playback.question', here((question) => this.onQuestion(question))),
      socket.on('playback.answers', here((answers) => this.onAnswers(answers))),
      socket.on('playback.markers', (markers) => markers.channel_id === this.channelId && this.onMarkers(markers)),
      socket.on('playback.lost', here((curve) => this.onLost(curve))),
      socket.on('post.created', (post) => {
        if (post.meeting_id === meetingId) this.postId = post.id;
      }),
      socket.on('comment.created', (comment) => this.onComment(comment)),
      socket.on('comment.updated', (comment) => this.onComment(comment)),
      socket.on('comment.deleted', ({ id }) => this.store.patch({ comments: this.snapshot().comments.filter((one) => one.id !== id) })),
    ];
  }

  readonly snapshot = this.store.get;
  readonly subscribe = this.store.subscribe;

  /** Begins, or begins again after a lost connection, with what meeting.join answered. */
  joined(state: PlaybackState): void {
    this.postId = state.post_id;
    this.channelId = state.playlist.channel_id;
    this.editor.receive(state.playlist);
    this.store.patch({
      question: state.question,
      myAnswer: state.my_answer,
      comments: state.comments,
      markers: state.markers,
      answers: state.answers,
      lost: state.lost,
    });
  }

  /** Changes the playlist; shown at once. */
  edit(edit: PlaylistEdit): Promise<void> {
    return this.editor.edit(edit);
  }

  /** Adds a stop-point, or changes the one with that id. */
  async setMarker(marker: Omit<Marker, 'id'> & { id?: string }): Promise<void> {
    const set = await this.send<Marker>('playback.set_marker', { channel_id: this.channelId, marker: { ...marker, id: marker.id ?? newId() } });
    const others = this.snapshot().markers.filter((one) => one.id !== set.id);
    this.store.patch({ markers: [...others, set] });
  }

  async removeMarker(markerId: string): Promise<void> {
    await this.send('playback.remove_marker', { channel_id: this.channelId, marker_id: markerId });
    this.store.patch({ markers: this.snapshot().markers.filter((one) => one.id !== markerId) });
  }

  /** Gives or replaces one's own answer to the question that is open. */
  async answer(answer: { choice: number } | { text: string }): Promise<void> {
    const { question } = this.snapshot();
    if (question) this.store.patch({ myAnswer: await this.send<PlaybackAnswer>('playback.answer', { question_id: question.id, ...answer }) });
  }

  async closeQuestion(): Promise<void> {
    const { question } = this.snapshot();
    if (question) await this.send('playback.close_question', { question_id: question.id });
  }

  /** Asks about a moment. The same client id makes a retry harmless. */
  async ask(body: string, moment: Moment, clientId: string): Promise<void> {
    const comment = await this.send<Comment>('playback.comment', { body, client_id: clientId, key: moment.key, pos: moment.t });
    this.postId ??= comment.post_id;
    this.onComment(comment);
  }

  /** "I am lost here." Nobody learns who said it. */
  async sayLost(moment: Moment): Promise<void> {
    await this.send('playback.lost', { key: moment.key, pos: moment.t });
  }

  /** Tells the others what a teacher's player found out about an item. Said twice, it goes out once. */
  report(key: string, found: { duration?: number; title?: string; problem?: PlaybackProblem }): void {
    const said = JSON.stringify(found);
    if (this.reported.get(key) === said) return;
    this.reported.set(key, said);
    this.send('playback.report', { channel_id: this.channelId, key, ...found } satisfies PlaybackReport).catch(() => this.reported.delete(key));
  }

  close(): void {
    for (const off of this.offs.splice(0)) off();
  }

  private send<T>(type: string, data: object): Promise<T> {
    return this.options.socket.send<T>(type, data);
  }

  private onQuestion(question: PlaybackQuestion): void {
    const before = this.snapshot().question;
    this.store.patch(before?.id === question.id ? { question } : { question, myAnswer: null, answers: null });
  }

  private onAnswers(answers: PlaybackAnswers): void {
    if (answers.question_id === this.snapshot().question?.id) this.store.patch({ answers });
  }

  private onMarkers({ key, markers }: Markers): void {
    this.store.patch({ markers: [...this.snapshot().markers.filter((one) => one.key !== key), ...markers] });
  }

  private onLost(curve: LostCurve): void {
    this.store.patch({ lost: [...this.snapshot().lost.filter((one) => one.key !== curve.key), curve] });
  }

  /** Comments without a moment, and those of other posts, are the channel's and not this lesson's. */
  private onComment(comment: Comment): void {
    if (!comment.moment || comment.post_id !== this.postId) return;
    const { comments } = this.snapshot();
    const known = comments.some((one) => one.id === comment.id);
    this.store.patch({ comments: known ? comments.map((one) => (one.id === comment.id ? comment : one)) : [...comments, comment] });
  }
}
