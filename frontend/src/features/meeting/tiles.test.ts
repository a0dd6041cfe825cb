import { expect, test } from 'vitest';
import { PAGER_HEIGHT, type Rect, roomFor, stageRects, tilePages, tileRects, type TileShape } from './tiles';

const GAP = 8;
const wide: TileShape = { gap: GAP, tallest: 4 / 3, fewestColumns: 1 };
const phone: TileShape = { gap: GAP, tallest: 3 / 4, fewestColumns: 2 };

/** What is left for people of a laptop, a phone in both directions, an ultrawide screen, a tablet and a sidebar. */
const boxes = [
  ['1280×720', { width: 1248, height: 580 }, wide],
  ['390×844', { width: 374, height: 690 }, phone],
  ['844×390', { width: 828, height: 250 }, wide],
  ['3440×1440', { width: 3408, height: 1300 }, wide],
  ['768×1024', { width: 736, height: 880 }, { ...wide, tallest: 3 / 4 }],
  ['320×568', { width: 304, height: 420 }, phone],
  ['a sidebar', { width: 212, height: 580 }, wide],
  ['a phone under a video', { width: 374, height: 240 }, wide],
] as const;
const counts = Array.from({ length: 100 }, (_, i) => i + 1);

function rectsOf(count: number, { width, height }: { width: number; height: number }, shape: TileShape) {
  const pages = tilePages(count, { width, height }, shape);
  const area: Rect = roomFor(pages, { left: 0, top: 0, width, height });
  return Array.from({ length: pages.pages }, (_, page) => {
    const shown = Math.min(pages.perPage, count - page * pages.perPage);
    return tileRects(shown, area, pages, GAP, 'centre');
  });
}

test.each(boxes)('from 1 to 100 people on %s everybody has a place on some page, inside and beside the others', (_, box, shape) => {
  for (const count of counts) {
    const pages = rectsOf(count, box, shape);
    expect(pages.flat()).toHaveLength(count);
    const bottom = pages.length > 1 ? box.height - PAGER_HEIGHT : box.height;
    for (const page of pages) {
      expect(page.length).toBeGreaterThan(0);
      for (const rect of page) {
        expect(rect.left).toBeGreaterThanOrEqual(0);
        expect(rect.top).toBeGreaterThanOrEqual(0);
        expect(rect.left + rect.width).toBeLessThanOrEqual(box.width);
        expect(rect.top + rect.height).toBeLessThanOrEqual(bottom);
        expect(rect.width / rect.height).toBeGreaterThan(shape.tallest - 0.02);
        expect(rect.width / rect.height).toBeLessThan(1.8);
      }
      expect(overlaps(page)).toBe(false);
    }
  }
});

test.each(boxes)('on %s tiles stay readable, and no page is shown that one could do without', (_, box, shape) => {
  for (const count of counts) {
    const { width, pages, perPage } = tilePages(count, box, shape);
    if (pages === 1) continue;
    expect(width).toBeGreaterThanOrEqual(Math.min(150, box.width) - 2);
    expect(perPage).toBeLessThanOrEqual(36);
    expect(perPage * (pages - 1)).toBeLessThan(count);
  }
});

test.each(boxes)('on %s more people never get larger tiles on one page', (_, box, shape) => {
  let before = Infinity;
  for (const count of counts) {
    const tile = tilePages(count, box, shape);
    if (count < 3 || tile.pages > 1) continue;
    expect(tile.width * tile.height).toBeLessThanOrEqual(before + 1);
    before = tile.width * tile.height;
  }
});

test('a class of 30 is on one page of a laptop, a class of 100 on three', () => {
  const laptop = { width: 1248, height: 580 };
  expect(tilePages(30, laptop, wide)).toMatchObject({ pages: 1, perPage: 30 });
  expect(tilePages(100, laptop, wide)).toMatchObject({ pages: 3, perPage: 34 });
});

test('on a phone three or more stand in two columns, two above each other', () => {
  const box = { width: 374, height: 690 };
  expect(tilePages(2, box, phone).columns).toBe(1);
  for (const count of [3, 4, 9]) expect(tilePages(count, box, phone).columns).toBe(2);
});

test('a wide box puts two side by side and four in a square', () => {
  const box = { width: 1248, height: 640 };
  expect(tilePages(1, box, wide)).toMatchObject({ columns: 1, height: 640 });
  expect(tilePages(2, box, wide).columns).toBe(2);
  expect(tilePages(4, box, wide).columns).toBe(2);
});

test('the last row is centred', () => {
  const [page] = rectsOf(5, { width: 1248, height: 580 }, wide);
  const last = page?.slice(3) ?? [];
  const [first, second] = last;
  expect(first?.left).toBeGreaterThan(page?.[0]?.left ?? 0);
  expect(Math.abs((first?.left ?? 0) - (1248 - (second?.left ?? 0) - (second?.width ?? 0)))).toBeLessThanOrEqual(1);
});

test('a box that was not measured yet answers harmlessly', () => {
  expect(tilePages(3, { width: 0, height: 0 }, wide)).toMatchObject({ width: 0, pages: 1 });
});

test('what stands on the stage shares it without overlapping, side by side where that is as good', () => {
  const area: Rect = { left: 0, top: 0, width: 1024, height: 576 };
  for (const count of [1, 2, 3, 4, 5]) {
    const rects = stageRects(count, area, 12);
    expect(rects).toHaveLength(count);
    expect(overlaps(rects)).toBe(false);
    for (const rect of rects) expect(rect.left + rect.width).toBeLessThanOrEqual(1024);
  }
  const [left, right] = stageRects(2, area, 12);
  expect(left?.top).toBe(right?.top);
  const [upper, lower] = stageRects(2, { left: 0, top: 0, width: 374, height: 500 }, 12);
  expect(upper?.left).toBe(lower?.left);
});

function overlaps(rects: Rect[]): boolean {
  const apart = (a: Rect, b: Rect) => a.left + a.width <= b.left || b.left + b.width <= a.left || a.top + a.height <= b.top || b.top + b.height <= a.top;
  return rects.some((a, i) => rects.slice(i + 1).some((b) => !apart(a, b)));
}
