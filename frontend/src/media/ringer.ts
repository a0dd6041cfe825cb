/** A pattern of tones: frequencies in hertz that sound together, from when and for how long, in seconds; then it begins anew. */
interface Pattern {
  tones: { hertz: number[]; at: number; for: number }[];
  every: number;
  volume: number;
}

const PATTERNS = {
  /** Somebody calls: two rising chimes. */
  incoming: {
    tones: [
      { hertz: [659, 1318], at: 0, for: 0.22 },
      { hertz: [784, 1568], at: 0.24, for: 0.22 },
      { hertz: [988, 1976], at: 0.48, for: 0.45 },
      { hertz: [784, 1568], at: 1.1, for: 0.22 },
      { hertz: [988, 1976], at: 1.34, for: 0.5 },
    ],
    every: 3.2,
    volume: 0.16,
  },
  /** It rings at the other side. */
  outgoing: { tones: [{ hertz: [425], at: 0, for: 1 }], every: 4, volume: 0.06 },
} satisfies Record<string, Pattern>;

export type Ring = keyof typeof PATTERNS;

/** Sounds until it is ended by what this answers. */
export function ring(kind: Ring): () => void {
  const { tones, every, volume }: Pattern = PATTERNS[kind];
  const context = new AudioContext();
  const play = () => {
    for (const tone of tones) for (const hertz of tone.hertz) sound(context, hertz, context.currentTime + 0.05 + tone.at, tone.for, volume);
  };
  // Without a gesture in this page before, a browser may keep it silent; the picture rings nevertheless.
  void context.resume().then(play, () => undefined);
  const timer = setInterval(play, every * 1000);
  return () => {
    clearInterval(timer);
    void context.close().catch(() => undefined);
  };
}

function sound(context: AudioContext, hertz: number, at: number, seconds: number, volume: number): void {
  const tone = context.createOscillator();
  const gain = context.createGain();
  tone.frequency.value = hertz;
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(volume, at + 0.02);
  gain.gain.setValueAtTime(volume, at + Math.max(0.02, seconds - 0.12));
  gain.gain.exponentialRampToValueAtTime(0.0001, at + seconds);
  tone.connect(gain).connect(context.destination);
  tone.start(at);
  tone.stop(at + seconds);
}

/** Rings in one window of this browser only: the next one goes on when that window closes. Answers what ends it. */
export function ringOnce(kind: Ring): () => void {
  if (!navigator.locks) return ring(kind);
  const ended = new AbortController();
  let release = () => {};
  navigator.locks
    .request('lectern.ring', { signal: ended.signal }, () => {
      const end = ring(kind);
      return new Promise<void>((done) => {
        release = () => {
          end();
          done();
        };
      });
    })
    .catch(() => undefined); // ended while another window rang
  return () => {
    ended.abort();
    release();
  };
}
