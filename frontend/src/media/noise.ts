/** A microphone without its noise. */
export interface CleanSound {
  track: MediaStreamTrack;
  /** Goes on after the system has stopped all sound, as phones do when they are locked. */
  wake(): void;
  close(): void;
}

/** RNNoise knows no other rate. */
const SAMPLE_RATE = 48_000;
const START_MS = 2_000;

/** Takes the noise out of a microphone in this page (RNNoise in an AudioWorklet). Throws where that cannot be. */
export async function withoutNoise(raw: MediaStreamTrack): Promise<CleanSound> {
  const { loadWorklet, makeNode } = await import('./rnnoise');
  const context = new AudioContext({ sampleRate: SAMPLE_RATE, latencyHint: 'interactive' });
  try {
    await loadWorklet(context);
    // Without a gesture before it a context may stay suspended: then nobody would be heard.
    await inTime(context.resume());
    const source = context.createMediaStreamSource(new MediaStream([raw]));
    const node = await makeNode(context);
    const out = context.createMediaStreamDestination();
    out.channelCount = 1;
    source.connect(node).connect(out);
    const [track] = out.stream.getAudioTracks();
    if (!track) throw new Error('no track');
    return {
      track,
      wake: () => void context.resume().catch(() => undefined),
      close: () => {
        source.disconnect();
        node.destroy();
        void context.close().catch(() => undefined);
      },
    };
  } catch (error) {
    void context.close().catch(() => undefined);
    throw error;
  }
}

function inTime(step: Promise<void>): Promise<void> {
  return Promise.race([step, new Promise<never>((_, fail) => setTimeout(() => fail(new Error('suspended')), START_MS))]);
}
