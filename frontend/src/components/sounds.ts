let audio: AudioContext | undefined;

/** Two soft notes, a fifth apart: something has come. */
export function chime(): Promise<void> {
  return play((context) => {
    strike(context, 659.25, 0);
    strike(context, 987.77, 0.11);
  });
}

/** Two dull knocks, and a third: somebody is at the door. */
export function knock(): Promise<void> {
  return play((context) => {
    for (const after of [0, 0.16, 0.4]) {
      strike(context, 196, after);
      strike(context, 294, after);
    }
  });
}

/** Does nothing where the browser does not let a page sound before it was touched. */
async function play(notes: (context: AudioContext) => void): Promise<void> {
  if (!navigator.userActivation.hasBeenActive) return; // it would only sound at the next touch
  audio ??= new AudioContext();
  await audio.resume();
  notes(audio);
}

/** One struck note: `hz` high, beginning `after` seconds from now. */
function strike(context: AudioContext, hz: number, after: number): void {
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
