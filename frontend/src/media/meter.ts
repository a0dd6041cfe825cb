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

const TALKING = { above: 0.42, samples: 8 };
/** How long it is not said again, in samples: half a minute. */
const QUIET_SAMPLES = 500;

/** Calls back when somebody speaks for about half a second into a muted track; a clone listens, the track stays muted. */
export function watchTalking(track: MediaStreamTrack, onTalking: () => void): () => void {
  const ear = track.clone();
  ear.enabled = true;
  let loud = 0;
  const end = meter(ear, (level) => {
    if (loud < 0) loud += 1;
    else loud = level > TALKING.above ? loud + 1 : Math.max(0, loud - 1);
    if (loud < TALKING.samples) return;
    loud = -QUIET_SAMPLES;
    onTalking();
  });
  return () => {
    end();
    ear.stop();
  };
}

/** Plays two short tones on an output; '' is the system's own choice. */
export async function playChime(speakerId: string): Promise<void> {
  const context = new AudioContext();
  const out = context.createMediaStreamDestination();
  [660, 880].forEach((frequency, index) => {
    const tone = context.createOscillator();
    const gain = context.createGain();
    const at = context.currentTime + 0.05 + index * 0.22;
    tone.frequency.value = frequency;
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(0.25, at + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.001, at + 0.35);
    tone.connect(gain).connect(out);
    tone.start(at);
    tone.stop(at + 0.4);
  });
  const audio = new Audio();
  audio.srcObject = out.stream;
  if ('setSinkId' in audio && speakerId) await audio.setSinkId(speakerId).catch(() => undefined);
  await audio.play().catch(() => undefined);
  setTimeout(() => void context.close(), 1_200);
}
