import { expect, test } from 'vitest';
import { tileLayout } from './tiles';

const GAP = 8;
const boxes = [
  [1280, 640],
  [1920, 960],
  [1024, 700],
  [768, 900],
  [390, 700],
  [844, 300],
  [320, 480],
] as const;

test.each(boxes)('every count from 1 to 50 fits a box of %i × %i, or scrolls', (width, height) => {
  for (let count = 1; count <= 50; count++) {
    const tile = tileLayout(count, width, height, GAP);
    const rows = Math.ceil(count / tile.columns);
    expect(tile.width).toBeGreaterThan(0);
    expect(tile.columns * tile.width + (tile.columns - 1) * GAP).toBeLessThanOrEqual(width);
    if (!tile.scrolls) expect(rows * tile.height + (rows - 1) * GAP).toBeLessThanOrEqual(height);
    expect(tile.width / tile.height).toBeGreaterThan(0.74);
    expect(tile.width / tile.height).toBeLessThan(1.8);
  }
});

test('tiles stay readable: below 150 px the grid scrolls instead', () => {
  for (let count = 1; count <= 50; count++) expect(tileLayout(count, 390, 700, GAP).width).toBeGreaterThanOrEqual(150);
  expect(tileLayout(50, 390, 700, GAP).scrolls).toBe(true);
  expect(tileLayout(50, 1920, 960, GAP).scrolls).toBe(false);
});

test('on a phone three or more stand in two columns, two stand above each other', () => {
  expect(tileLayout(2, 390, 700, GAP).columns).toBe(1);
  for (const count of [3, 4, 9, 50]) expect(tileLayout(count, 390, 700, GAP).columns).toBe(2);
});

test('a wide box puts two side by side and four in a square', () => {
  expect(tileLayout(1, 1280, 640, GAP)).toMatchObject({ columns: 1, height: 640 });
  expect(tileLayout(2, 1280, 640, GAP).columns).toBe(2);
  expect(tileLayout(4, 1280, 640, GAP).columns).toBe(2);
});

test('more people never get larger tiles', () => {
  for (const [width, height] of boxes) {
    let before = Infinity;
    for (let count = 3; count <= 50; count++) {
      const tile = tileLayout(count, width, height, GAP);
      if (tile.scrolls) break;
      expect(tile.width * tile.height).toBeLessThanOrEqual(before + 1);
      before = tile.width * tile.height;
    }
  }
});

test('an unmeasured box answers harmlessly', () => {
  expect(tileLayout(3, 0, 0, GAP).width).toBe(0);
});
