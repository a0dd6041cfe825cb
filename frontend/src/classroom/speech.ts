/** The Web Speech API, as far as it is used here; TypeScript knows only its results. */
interface Recognition extends EventTarget {
  lang: string;
  continuous: boolean;
  interimResults: boolean;
  processLocally?: boolean;
  onresult: ((event: { resultIndex: number; results: SpeechRecognitionResultList }) => void) | null;
  onerror: ((event: { error: string }) => void) | null;
  onend: (() => void) | null;
  start(track?: MediaStreamTrack): void;
  stop(): void;
}

interface RecognitionClass {
  new (): Recognition;
  available?(options: { langs: string[]; processLocally: boolean }): Promise<string>;
}

/** Why nothing is written down: refused by the person or the browser, not in this language, or the browser's service is out of reach. */
export type SpeechProblem = 'denied' | 'language' | 'network';

export interface SpeechListener {
  /** A line as far as it is known; it grows until it is final. */
  line(line: number, text: string, final: boolean): void;
  /** Null: it works again. */
  problem(problem: SpeechProblem | null): void;
}

const problems: Record<string, SpeechProblem> = {
  'not-allowed': 'denied',
  'service-not-allowed': 'denied',
  'language-not-supported': 'language',
  network: 'network',
};

const RETRY_MS = { first: 250, most: 15_000 };

function recognitionClass(): RecognitionClass | undefined {
  const browser = window as { SpeechRecognition?: RecognitionClass; webkitSpeechRecognition?: RecognitionClass };
  return browser.SpeechRecognition ?? browser.webkitSpeechRecognition;
}

export const canRecognise = (): boolean => recognitionClass() !== undefined;

/**
 * Writes down what is said into one microphone, until it is stopped. Browsers end a recognition after a silence or a
 * minute: it begins again by itself.
 */
export class Speech {
  private recognition: Recognition | null = null;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;
  private stopped = false;
  /** Lines of earlier recognitions: each counts its own from 0. */
  private before: number;
  private count = 0;

  constructor(
    private readonly track: MediaStreamTrack,
    private readonly lang: string,
    firstLine: number,
    private readonly listener: SpeechListener,
  ) {
    this.before = firstLine;
    void this.begin();
  }

  /** Listens no more, and answers the number that another's first line may have. What was said until now still comes. */
  stop(): number {
    this.stopped = true;
    clearTimeout(this.retry);
    this.recognition?.stop();
    return this.before + this.count + 1;
  }

  private async begin(): Promise<void> {
    const Class = recognitionClass();
    if (!Class) return;
    const local = await onThisDevice(Class, this.lang);
    if (this.stopped) return;
    const recognition = new Class();
    recognition.lang = this.lang;
    recognition.interimResults = true;
    // Chrome on Android answers the same words again and again when it goes on by itself.
    recognition.continuous = !/Android/i.test(navigator.userAgent);
    if (local) recognition.processLocally = true;
    recognition.onresult = (event) => this.onResult(event);
    recognition.onerror = ({ error }) => this.onError(problems[error]);
    recognition.onend = () => this.onEnd();
    this.recognition = recognition;
    try {
      // Newer browsers listen to the microphone that was chosen here, others to the system's.
      recognition.start(this.track);
    } catch {
      this.onEnd();
    }
  }

  private onResult({ resultIndex, results }: { resultIndex: number; results: SpeechRecognitionResultList }): void {
    this.failures = 0;
    if (!this.stopped) this.listener.problem(null);
    this.count = Math.max(this.count, results.length);
    const said = [...results].slice(resultIndex);
    const open = said.findIndex((result) => !result.isFinal);
    const done = open < 0 ? said : said.slice(0, open);
    done.forEach((result, index) => this.tell(resultIndex + index, [result], true));
    // The unfinished end comes in pieces that are cut anew each time: it is one line.
    if (open >= 0) this.tell(resultIndex + open, said.slice(open), false);
  }

  private tell(index: number, results: SpeechRecognitionResult[], final: boolean): void {
    const text = results.map((result) => result[0]?.transcript ?? '').join('').trim();
    if (text) this.listener.line(this.before + index, text, final);
  }

  private onError(problem: SpeechProblem | undefined): void {
    // Silence, and what was aborted, are no problems.
    if (!problem || this.stopped) return;
    this.failures += 1;
    this.listener.problem(problem);
  }

  private onEnd(): void {
    this.before += this.count;
    this.count = 0;
    this.recognition = null;
    if (this.stopped) return;
    this.retry = setTimeout(() => void this.begin(), Math.min(RETRY_MS.first * 2 ** this.failures, RETRY_MS.most));
  }
}

/** Whether the browser can do it without sending the sound to its maker. */
async function onThisDevice(Class: RecognitionClass, lang: string): Promise<boolean> {
  try {
    return (await Class.available?.({ langs: [lang], processLocally: true })) === 'available';
  } catch {
    return false;
  }
}
