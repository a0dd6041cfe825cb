/** What a test makes a person say. */
export interface SpokenWords {
  /** The phrase so far, as the browser would guess it in the middle; nothing if nobody listens or the microphone is off. */
  say(phrase: string): void;
  /** The phrase is over. */
  pause(): void;
  /** The browser ends the recognition by itself, as after a long silence. */
  silence(): void;
  /** It fails, with a word of the Web Speech API. */
  fail(error: string): void;
  /** The language that is listened for; null while nobody listens. */
  listening(): string | null;
}

declare global {
  interface Window {
    spoken: SpokenWords;
  }
}

/**
 * A stand-in for the browser's SpeechRecognition, which headless browsers have no service for: same events in the same
 * order, results that grow, one recognition at a time. Refers to nothing outside of itself, so that it can be put into a page.
 */
export function installFakeSpeech(): void {
  interface Result {
    0: { transcript: string; confidence: number };
    length: 1;
    isFinal: boolean;
  }
  let active: FakeRecognition | null = null;
  const activate = (recognition: FakeRecognition | null) => (active = recognition);

  class FakeRecognition {
    lang = '';
    continuous = false;
    interimResults = false;
    onstart: (() => void) | null = null;
    onresult: ((event: { resultIndex: number; results: Result[] }) => void) | null = null;
    onerror: ((event: { error: string }) => void) | null = null;
    onend: (() => void) | null = null;
    track: MediaStreamTrack | null = null;
    readonly results: Result[] = [];

    start(track?: MediaStreamTrack): void {
      if (active === this || (track && track.readyState !== 'live')) throw new DOMException('not now', 'InvalidStateError');
      active?.fail('aborted');
      this.track = track ?? null;
      this.results.length = 0;
      activate(this);
      queueMicrotask(() => this.onstart?.());
    }

    stop(): void {
      if (active !== this) return;
      this.settle();
      this.end();
    }

    abort(): void {
      if (active === this) this.end();
    }

    hear(phrase: string): void {
      if (this.track && !this.track.enabled) return;
      const last = this.results.at(-1);
      const result: Result = { 0: { transcript: phrase, confidence: 0.5 }, length: 1, isFinal: false };
      if (last && !last.isFinal) this.results[this.results.length - 1] = result;
      else this.results.push(result);
      if (this.interimResults) this.tell();
    }

    settle(): void {
      const last = this.results.at(-1);
      if (!last || last.isFinal) return;
      last.isFinal = true;
      last[0].confidence = 0.9;
      this.tell();
    }

    fail(error: string): void {
      this.onerror?.({ error });
      this.end();
    }

    end(): void {
      activate(null);
      this.onend?.();
    }

    private tell(): void {
      this.onresult?.({ resultIndex: this.results.length - 1, results: this.results.map((result) => ({ ...result })) });
    }
  }

  Object.assign(window, { SpeechRecognition: FakeRecognition, webkitSpeechRecognition: FakeRecognition });
  window.spoken = {
    say: (phrase) => active?.hear(phrase),
    pause: () => {
      const heard = active;
      heard?.settle();
      if (heard && !heard.continuous) heard.end();
    },
    silence: () => active?.end(),
    fail: (error) => active?.fail(error),
    listening: () => active?.lang ?? null,
  };
}
