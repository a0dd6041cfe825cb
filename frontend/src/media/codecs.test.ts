import { expect, test } from 'vitest';
import { inOrder } from './codecs';

const named = (...types: string[]) => types.map((mimeType, id) => ({ mimeType, id }));

test('the preferred come first, in the order given; the rest stays as it was', () => {
  const codecs = named('video/VP8', 'video/rtx', 'video/VP9', 'video/H264', 'video/AV1');
  expect(inOrder(codecs, ['video/vp8']).map((c) => c.id)).toEqual([0, 1, 2, 3, 4]);
  expect(inOrder(codecs, ['video/av1', 'video/vp8']).map((c) => c.mimeType)).toEqual(['video/AV1', 'video/VP8', 'video/rtx', 'video/VP9', 'video/H264']);
  expect(inOrder(named('audio/opus', 'audio/red', 'audio/G722'), ['audio/red', 'audio/opus']).map((c) => c.id)).toEqual([1, 0, 2]);
});

test('a browser without a preferred codec keeps its own order', () => {
  expect(inOrder(named('audio/opus', 'audio/PCMU'), ['audio/red', 'audio/opus']).map((c) => c.id)).toEqual([0, 1]);
});
