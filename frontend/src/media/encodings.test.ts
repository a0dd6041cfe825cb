import { expect, test } from 'vitest';
import { encodingsOf, layersOf, withLayers } from './encodings';

test.each([
  [1280, 720, [4, 2, 1], ['320×180', '640×360', '1280×720']],
  [960, 540, [4, 2, 1], ['240×135', '480×270', '960×540']],
  [720, 1280, [4, 2, 1], ['180×320', '360×640', '720×1280']],
  [640, 480, [2, 1], ['320×240', '640×480']],
  [640, 360, [2, 1], ['320×180', '640×360']],
  [320, 240, [1], ['320×240']],
])('a camera of %i × %i has the layers that fit into it', (width, height, scales, sizes) => {
  const layers = layersOf('camera', { width, height }).filter((layer) => layer.possible);
  expect(layers.map((layer) => layer.scaleResolutionDownBy)).toEqual(scales);
  expect(layers.map(({ scaleResolutionDownBy: by }) => `${width / by}×${height / by}`)).toEqual(sizes);
  expect(layers.map((layer) => layer.rid)).toEqual(['q', 'h', 'f'].slice(0, scales.length));
});

test('bit rates follow the size of the picture', () => {
  expect(layersOf('camera', { width: 1280, height: 720 }).map((layer) => layer.maxBitrate)).toEqual([120_000, 430_000, 1_500_000]);
  expect(layersOf('camera', { width: 640, height: 360 })[1]?.maxBitrate).toBe(430_000);
  expect(layersOf('camera', { width: 160, height: 120 })[0]?.maxBitrate).toBe(60_000);
});

test('a camera that does not tell its size is taken for what was asked', () => {
  expect(layersOf('camera')).toEqual(layersOf('camera', { width: 1280, height: 720 }));
});

test('a screen keeps its native size in the larger of two layers, and its smaller one fits into 300 kbit/s beside voices', () => {
  const [small, large] = layersOf('screen', { width: 1920, height: 1080 });
  expect(large).toMatchObject({ rid: 'f', scaleResolutionDownBy: 1 });
  expect(small?.maxBitrate).toBeLessThanOrEqual(220_000);
});

test('the media line starts with all layers, small to large, those that are possible switched on', () => {
  const encodings = encodingsOf('camera', { width: 640, height: 360 });
  expect(encodings.map(({ rid, active }) => [rid, active])).toEqual([
    ['q', true],
    ['h', true],
    ['f', false],
  ]);
  expect(encodingsOf('microphone')).toEqual([{ maxBitrate: 40_000, priority: 'high', networkPriority: 'high' }]);
});

const large = layersOf('camera', { width: 1280, height: 720 });
const medium = layersOf('camera', { width: 640, height: 360 });
const active = (encodings: RTCRtpEncodingParameters[] | null) => encodings?.filter((e) => e.active).map((e) => e.rid);

test('the priority of a source stands at its first layer only', () => {
  expect(encodingsOf('screen').map((encoding) => encoding.priority)).toEqual(['medium', undefined]);
});

test('only what is watched is sent', () => {
  const before = encodingsOf('camera', { width: 1280, height: 720 });
  expect(active(withLayers(before, large, new Set(['q', 'f'])))).toEqual(['q', 'f']);
  expect(active(withLayers(before, large, new Set()))).toEqual([]);
  const off = withLayers(before, large, new Set());
  expect(active(off && withLayers(off, large, new Set(['q', 'h', 'f'])))).toEqual(['q', 'h', 'f']);
});

test('nothing is set that is so already', () => {
  const before = encodingsOf('camera', { width: 1280, height: 720 });
  expect(withLayers(before, large, null)).toBeNull();
  expect(withLayers(before, large, new Set(['q', 'h', 'f']))).toBeNull();
});

test('a smaller device moves its full size into the layers that are left', () => {
  const before = encodingsOf('camera', { width: 1280, height: 720 });
  const after = withLayers(before, medium, null);
  expect(after?.map(({ active, scaleResolutionDownBy }) => [active, scaleResolutionDownBy])).toEqual([
    [true, 2],
    [true, 1],
    [false, 1],
  ]);
  expect(after && withLayers(after, large, null)).toEqual(before);
});

test('who watched a layer that a smaller device has not gets its largest', () => {
  const before = encodingsOf('camera', { width: 640, height: 360 });
  expect(active(withLayers(before, medium, new Set(['f'])))).toEqual(['h']);
});

test('what else a browser keeps with an encoding stays', () => {
  const before = encodingsOf('camera', { width: 1280, height: 720 }).map((e) => ({ ...e, scalabilityMode: 'L1T3' }));
  expect(withLayers(before, large, new Set(['q']))).toMatchObject([{ scalabilityMode: 'L1T3' }, { active: false }, { active: false }]);
});
