import type { MeetingCaption, MeetingCaptionShown, MeetingCaptions, MeetingJoined, MeetingStateUpdate } from '@/api/wire.gen';
import type { MeetingSession } from '@/media/meetingSession';
import { Store } from '@/media/store';
import { LineSender } from './captionLines';
import { type CaptionChoice, loadCaptionChoice, saveCaptionChoice } from './captionChoice';
import type { ClassroomOptions } from './classroom';
import { canRecognise, Speech, type SpeechProblem } from './speech';

export interface CaptionsSnapshot extends CaptionChoice {
  /** Somebody reads captions: only then one's own speech is worth recognising. */
  wanted: boolean;
  /** The last lines, oldest first. */
  lines: MeetingCaptionShown[];
  /** This browser can write down speech. */
  able: boolean;
  /** One's own speech is being written down right now. */
  writing: boolean;
  problem: SpeechProblem | null;
}

const KEPT_LINES = 6;
/** How long a line stays after its last change. */
export const LINE_MS = 8_000;

/** What is said, written down by the browsers of those who say it. */
export class Captions {
  private readonly store: Store<CaptionsSnapshot>;
  private readonly offs: (() => void)[];
  private readonly fading = new Map<string, ReturnType<typeof setTimeout>>();
  private readonly sender: LineSender;
  private speech: Speech | null = null;
  private heard: MediaStreamTrack | null = null;
  private nextLine = 1;
  private inside = false;

  constructor(private readonly options: ClassroomOptions) {
    const { socket, meetingId } = options;
    this.store = new Store<CaptionsSnapshot>({ ...loadCaptionChoice(), wanted: false, lines: [], able: canRecognise(), writing: false, problem: null });
    this.sender = new LineSender((caption) => this.tell('meeting.caption', caption satisfies MeetingCaption));
    this.offs = [
      socket.on('meeting.captions_wanted', ({ meeting_id, wanted }) => {
        if (meeting_id !== meetingId) return;
        this.store.patch({ wanted });
        this.listen();
      }),
      socket.on('meeting.caption', (line) => line.meeting_id === meetingId && this.onLine(line)),
    ];
    this.snapshot = this.store.get;
    this.subscribe = this.store.subscribe;
  }

  readonly snapshot: () => CaptionsSnapshot;
  readonly subscribe: (watcher: () => void) => () => void;

  joined(ack: MeetingJoined): void {
    this.inside = true;
    this.store.patch({ wanted: ack.captions_wanted });
    if (this.snapshot().read) this.tell('meeting.captions', { on: true } satisfies MeetingCaptions);
    const own = ack.participants.find((person) => person.participant_id === ack.participant_id);
    if (own && own.captioned !== this.writes) this.mark();
    this.listen();
  }

  /** Shows captions here, or not. */
  show(read: boolean): void {
    this.choose({ read });
    this.store.patch({ lines: [] });
    this.tell('meeting.captions', { on: read } satisfies MeetingCaptions);
  }

  /** Lets this browser write down what one says, or not. */
  write(write: boolean): void {
    this.choose({ write });
    this.store.patch({ problem: null });
    this.mark();
    this.listen();
  }

  /** In which language one speaks, as in BCP 47. */
  speak(lang: string): void {
    this.choose({ lang });
    this.store.patch({ problem: null });
    this.hush();
    this.mark();
    this.listen();
  }

  /** Listens to what the others hear of this person. */
  follow(meeting: Pick<MeetingSession, 'snapshot' | 'subscribe' | 'local'>): () => void {
    const heard = () => {
      const { phase, muted } = meeting.snapshot();
      this.hear(phase === 'joined' && !muted ? meeting.local.snapshot().microphone.track : null);
    };
    const offs = [meeting.subscribe(heard), meeting.local.subscribe(heard)];
    return () => offs.forEach((off) => off());
  }

  /** The sound that the others hear of this person now; null while they hear none. */
  hear(track: MediaStreamTrack | null): void {
    if (track === this.heard) return;
    this.heard = track;
    this.hush();
    this.listen();
  }

  close(): void {
    for (const off of this.offs.splice(0)) off();
    for (const timer of this.fading.values()) clearTimeout(timer);
    this.fading.clear();
    this.inside = false;
    this.hush();
    this.sender.close();
  }

  private get writes(): boolean {
    const { able, write, problem } = this.snapshot();
    return able && write === true && (problem === null || problem === 'network');
  }

  private choose(choice: Partial<CaptionChoice>): void {
    this.store.patch(choice);
    const { read, write, lang } = this.snapshot();
    saveCaptionChoice({ read, write, lang });
  }

  /** Listens while there is something to hear, somebody who reads it, and the person's own consent. */
  private listen(): void {
    const wanted = this.inside && this.writes && this.snapshot().wanted && this.heard !== null;
    if (!wanted) return this.hush();
    if (this.speech || !this.heard) return;
    const { lang } = this.snapshot();
    this.speech = new Speech(this.heard, lang, this.nextLine, {
      line: (line, text, final) => this.sender.send({ line, text, final, lang }),
      problem: (problem) => this.onProblem(problem),
    });
    this.store.patch({ writing: true });
  }

  private hush(): void {
    if (!this.speech) return;
    this.nextLine = this.speech.stop();
    this.speech = null;
    this.store.patch({ writing: false });
  }

  private onProblem(problem: SpeechProblem | null): void {
    if (problem === this.snapshot().problem) return;
    this.store.patch({ problem });
    if (this.writes) return;
    this.hush();
    this.mark();
  }

  /** Tells the others whether what one says is written down. */
  private mark(): void {
    this.tell('meeting.state_update', { captioned: this.writes } satisfies MeetingStateUpdate);
  }

  private onLine(line: MeetingCaptionShown): void {
    const { read, lines } = this.snapshot();
    if (!read) return;
    const key = keyOf(line);
    const known = lines.some((one) => keyOf(one) === key);
    const next = known ? lines.map((one) => (keyOf(one) === key ? line : one)) : [...lines, line].slice(-KEPT_LINES);
    this.store.patch({ lines: next });
    clearTimeout(this.fading.get(key));
    const timer = setTimeout(() => {
      this.fading.delete(key);
      this.store.patch({ lines: this.snapshot().lines.filter((one) => keyOf(one) !== key) });
    }, LINE_MS);
    this.fading.set(key, timer);
  }

  private tell(type: string, data: object): void {
    if (this.inside) this.options.socket.send(type, data).catch(() => undefined);
  }
}

/** Lines are numbered by each speaker's device. */
export function keyOf({ participant_id: participant, line }: MeetingCaptionShown): string {
  return `${participant} ${line}`;
}
