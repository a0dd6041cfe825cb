const EVERY_MS = 60;
const FLOOR_DB = -60;

/**
 * Measures how loud a track is, from 0 (silence) to 1 (full scale), about 16 times a second. Nothing leaves the machine.
 * Answers what ends it.
 */
export function meter(track: MediaStreamTrack, onLevel: (level: number) => void): () => void {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 512;
  const source = context.createMediaStreamSource(new MediaStream([track]));
  source.connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  // Without a gesture before it a context starts suspended.
  void context.resume().catch(() => undefined);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    onLevel(loudness(samples));
  }, EVERY_MS);
  return () => {
    clearInterval(timer);
    source.disconnect();
    void context.close().catch(() => undefined);
  };
}

/** Root mean square on a decibel scale: -60 dB and below is 0, 0 dB is 1. */
export function loudness(samples: Float32Array): number {
  const power = samples.reduce((sum, s) => sum + s * s, 0) / samples.length;
  const db = power > 0 ? 10 * Math.log10(power) : -Infinity;
  return Math.max(0, 1 - db / FLOOR_DB);
}
