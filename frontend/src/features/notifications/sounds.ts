let audio: AudioContext | undefined;

/** Two soft notes, a fifth apart. Does nothing where the browser does not let a page sound before it was touched. */
export async function chime(): Promise<void> {
  if (!navigator.userActivation.hasBeenActive) return; // it would only sound at the next touch
  audio ??= new AudioContext();
  await audio.resume();
  note(audio, 659.25, 0);
  note(audio, 987.77, 0.11);
}

/** One struck note: `hz` high, beginning `after` seconds from now. */
function note(context: AudioContext, hz: number, after: number): void {
  const start = context.currentTime + after;
  const tone = new OscillatorNode(context, { type: 'sine', frequency: hz });
  const volume = new GainNode(context, { gain: 0 });
  volume.gain.setValueAtTime(0, start);
  volume.gain.linearRampToValueAtTime(0.11, start + 0.012);
  volume.gain.exponentialRampToValueAtTime(0.0005, start + 0.45);
  tone.connect(volume).connect(context.destination);
  tone.start(start);
  tone.stop(start + 0.5);
}
