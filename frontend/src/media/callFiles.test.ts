import { Blob, File } from 'node:buffer';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { PeerMessage } from './callChannel';
import { CallFiles, MAX_FILE_SIZE } from './callFiles';

/** A pair of bulk channels; what one side sends the other hears a moment later. */
class Pipe extends EventTarget {
  readyState: RTCDataChannelState = 'open';
  bufferedAmount = 0;
  bufferedAmountLowThreshold = 0;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  other: Pipe | null = null;
  damage = false;

  send(bytes: Uint8Array<ArrayBuffer>): void {
    const copy = bytes.slice();
    if (this.damage) copy[copy.length - 1] = (copy.at(-1) ?? 0) ^ 1;
    this.bufferedAmount += copy.byteLength;
    setTimeout(() => {
      this.bufferedAmount -= copy.byteLength;
      this.other?.onmessage?.({ data: copy.buffer });
      if (this.bufferedAmount <= this.bufferedAmountLowThreshold) this.dispatchEvent(new Event('bufferedamountlow'));
    });
  }
}

let mei: CallFiles;
let hao: CallFiles;
let pipes: [Pipe, Pipe];
let most: number;

beforeEach(() => {
  vi.stubGlobal('Blob', Blob); // jsdom's cannot be read
  most = 0;
  mei = new CallFiles((message: PeerMessage) => void setTimeout(() => hao.take(message)));
  hao = new CallFiles((message: PeerMessage) => void setTimeout(() => mei.take(message)));
  pipes = [new Pipe(), new Pipe()];
  [pipes[0].other, pipes[1].other] = [pipes[1], pipes[0]];
  mei.connect(pipes[0] as unknown as RTCDataChannel);
  hao.connect(pipes[1] as unknown as RTCDataChannel);
  mei.subscribe(() => (most = Math.max(most, pipes[0].bufferedAmount)));
});

afterEach(() => void vi.unstubAllGlobals());

const file = (size: number, name = 'film.mp4') => new File([new Uint8Array(size).map((_, at) => at * 7)], name) as unknown as globalThis.File;
const states = (files: CallFiles) => files.snapshot().transfers.map(({ state }) => state);

/** Waits until a side's transfers stand so. */
async function until(files: CallFiles, ...wanted: string[]): Promise<void> {
  if (states(files).join() === wanted.join()) return;
  await new Promise<void>((done) => {
    const off = files.subscribe(() => {
      if (states(files).join() !== wanted.join()) return;
      off();
      done();
    });
  });
}

async function offered(...sizes: number[]): Promise<string[]> {
  for (const size of sizes) mei.offer(file(size));
  await until(hao, ...sizes.map(() => 'offered'));
  return hao.snapshot().transfers.map(({ id }) => id);
}

test('a file arrives whole, after a yes, and never more than a few megabytes wait in the browser', async () => {
  const size = 12_000_001;
  const [id = ''] = await offered(size);
  hao.accept(id);
  await until(hao, 'done');
  await until(mei, 'done');
  const arrived = hao.snapshot().transfers[0]?.file;
  expect(Buffer.from((await arrived?.arrayBuffer()) ?? new ArrayBuffer(0)).equals(Buffer.from(await file(size).arrayBuffer()))).toBe(true);
  expect(most).toBeLessThan(5_000_000);
  expect(most).toBeGreaterThan(1_000_000);
});

test('an empty one, too; two go one after the other', async () => {
  const [first = '', second = ''] = await offered(0, 200_000);
  hao.accept(second);
  hao.accept(first);
  await until(hao, 'done', 'done');
  expect(hao.snapshot().transfers.map((transfer) => transfer.file?.size)).toEqual([0, 200_000]);
});

test('what was damaged on the way is not handed out', async () => {
  pipes[0].damage = true;
  const [id = ''] = await offered(1_000);
  hao.accept(id);
  await until(mei, 'damaged');
  expect(hao.snapshot().transfers[0]).toMatchObject({ state: 'damaged', file: null });
});

test('declined; taken back; stopped in the middle, and the next one is not touched by what was on its way', async () => {
  const [declined = ''] = await offered(1_000);
  hao.cancel(declined);
  await until(mei, 'cancelled');
  mei.offer(file(1_000));
  await until(hao, 'cancelled', 'offered');
  mei.cancel(mei.snapshot().transfers[1]?.id ?? '');
  await until(hao, 'cancelled', 'cancelled');
  mei.offer(file(9_000_000));
  mei.offer(file(1_000));
  await until(hao, 'cancelled', 'cancelled', 'offered', 'offered');
  const [, , large = '', small = ''] = hao.snapshot().transfers.map(({ id }) => id);
  hao.accept(large);
  hao.accept(small);
  const off = hao.subscribe(() => {
    if ((hao.snapshot().transfers[2]?.moved ?? 0) > 1_000_000) hao.cancel(large);
  });
  await until(hao, 'cancelled', 'cancelled', 'cancelled', 'done');
  off();
  expect(mei.snapshot().transfers[2]?.state).toBe('cancelled');
});

test('limits: too large here, too large or too many there, more bytes than were named', async () => {
  const large = file(0);
  Object.defineProperty(large, 'size', { value: MAX_FILE_SIZE + 1 });
  expect(mei.offer(large)).toBe(false);
  hao.take({ type: 'file', id: 'x', name: 'x', size: MAX_FILE_SIZE + 1, mime: '' });
  expect(hao.snapshot().transfers).toEqual([]);
  const ids = await offered(10, 10, 10, 10, 10);
  mei.offer(file(10));
  await until(mei, 'offered', 'offered', 'offered', 'offered', 'offered', 'cancelled');
  const [id = ''] = ids;
  hao.accept(id);
  const piece = new Uint8Array(36 + 11);
  piece.set(new TextEncoder().encode(id));
  pipes[1].onmessage?.({ data: piece.buffer });
  expect(hao.snapshot().transfers[0]?.state).toBe('cancelled');
});

test('the end of a call ends what moves', async () => {
  const [id = ''] = await offered(5_000_000);
  hao.accept(id);
  await until(hao, 'moving');
  hao.abandon();
  mei.abandon();
  expect([states(hao), states(mei)]).toEqual([['cancelled'], ['cancelled']]);
});
