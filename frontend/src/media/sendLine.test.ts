import { beforeEach, expect, test } from 'vitest';
import { FakeSender, FakeTrack } from '@/testing/fakePeers';
import { encodingsOf } from './encodings';
import { SendLine } from './sendLine';

const failures: unknown[] = [];

beforeEach(() => {
  failures.length = 0;
});

function cameraLine(width: number, height: number) {
  const sender = new FakeSender(new FakeTrack('video', 'camera', { width, height }), encodingsOf('camera', { width, height }));
  const line = new SendLine('camera', { mid: '1', sender } as unknown as RTCRtpTransceiver, (error) => failures.push(error));
  return { sender, line };
}

const active = (sender: FakeSender) => sender.encodings.filter((e) => e.active).map((e) => e.rid);
const settle = () => new Promise((done) => setTimeout(done));

test('a new line already has what it should send', async () => {
  const { sender } = cameraLine(1280, 720);
  await settle();
  expect(sender.changes).toBe(0);
});

test('changes that come at once are set one after the other, and the last one holds', async () => {
  const { sender, line } = cameraLine(1280, 720);
  line.watch([]);
  line.watch(['q']);
  line.watch(['q', 'f']);
  await settle();
  expect(active(sender)).toEqual(['q', 'f']);
  expect(failures).toEqual([]);
});

test('what nobody watches stays off when the device changes', async () => {
  const { sender, line } = cameraLine(1280, 720);
  line.watch(['q']);
  line.replace(new FakeTrack('video', 'another', { width: 640, height: 480 }) as unknown as MediaStreamTrack);
  await settle();
  expect(active(sender)).toEqual(['q']);
  expect(sender.encodings[0]?.scaleResolutionDownBy).toBe(2);
});

test('a camera that is switched off keeps its layers for the next one', async () => {
  const { sender, line } = cameraLine(1280, 720);
  line.watch(['h']);
  line.replace(null);
  line.replace(new FakeTrack('video', 'again', { width: 1280, height: 720 }) as unknown as MediaStreamTrack);
  await settle();
  expect(active(sender)).toEqual(['h']);
});

test('refused layers break nothing, a refused track is told', async () => {
  const { sender, line } = cameraLine(1280, 720);
  sender.setParameters = () => Promise.reject(new DOMException('no', 'InvalidModificationError'));
  line.watch([]);
  await settle();
  expect(failures).toEqual([]);
  sender.replaceTrack = () => Promise.reject(new DOMException('no', 'InvalidModificationError'));
  line.replace(null);
  await settle();
  expect(failures).toHaveLength(1);
});
