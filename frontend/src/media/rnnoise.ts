import { loadRnnoise, RnnoiseWorkletNode } from '@sapphi-red/web-noise-suppressor';
import wasmUrl from '@sapphi-red/web-noise-suppressor/rnnoise.wasm?url';
import simdUrl from '@sapphi-red/web-noise-suppressor/rnnoise_simd.wasm?url';
import workletUrl from '@sapphi-red/web-noise-suppressor/rnnoiseWorklet.js?url';

let binary: Promise<ArrayBuffer> | null = null;

export async function loadWorklet(context: AudioContext): Promise<void> {
  await context.audioWorklet.addModule(workletUrl);
}

export async function makeNode(context: AudioContext): Promise<RnnoiseWorkletNode> {
  binary ??= loadRnnoise({ url: wasmUrl, simdUrl });
  // What could not be fetched is fetched again the next time.
  binary.catch(() => (binary = null));
  return new RnnoiseWorkletNode(context, { maxChannels: 1, wasmBinary: await binary });
}
