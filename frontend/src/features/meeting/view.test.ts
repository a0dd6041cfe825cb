import { expect, test } from 'vitest';
import { pictureSize, USUAL_RATIO } from './view';

const size = (...args: Parameters<typeof pictureSize>) => {
  const { width, height } = pictureSize(...args);
  return `${width}×${height}`;
};

test('a camera fills its tile: what stands out is cropped, so the picture is larger than the tile', () => {
  expect(size('camera', { width: 320, height: 176 }, USUAL_RATIO, 1)).toBe('320×192');
  expect(size('camera', { width: 160, height: 320 }, USUAL_RATIO, 1)).toBe('576×320');
  expect(size('camera', { width: 640, height: 160 }, USUAL_RATIO, 1)).toBe('640×368');
  expect(size('camera', { width: 320, height: 240 }, 4 / 3, 1)).toBe('320×240');
});

test('a screen is shown whole: the picture is smaller than its box, but of twice its size, for the sake of text', () => {
  expect(size('screen', { width: 1280, height: 1280 }, 16 / 10, 1)).toBe('2560×1600');
  expect(size('screen', { width: 1280, height: 400 }, 16 / 10, 1)).toBe('1280×800');
});

test('sizes are in device pixels; a face gains nothing from more than two of them per pixel', () => {
  expect(size('camera', { width: 160, height: 90 }, USUAL_RATIO, 3)).toBe('320×192');
  expect(size('screen', { width: 320, height: 180 }, USUAL_RATIO, 3)).toBe('1920×1088');
});

test('a change of a few pixels is none', () => {
  expect(size('camera', { width: 321, height: 180 }, USUAL_RATIO, 1)).toBe(size('camera', { width: 334, height: 182 }, USUAL_RATIO, 1));
});
