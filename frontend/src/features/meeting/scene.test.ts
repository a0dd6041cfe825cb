import { expect, test } from 'vitest';
import { layouts } from './floor';
import { arrange, type Scene, type SceneInput } from './scene';
import { PAGER_HEIGHT, type Rect } from './tiles';

const laptop = { width: 1248, height: 640 };
const phone = { width: 374, height: 690 };
const ultrawide = { width: 3408, height: 1300 };
const sideways = { width: 828, height: 290 };
const boxes = [laptop, phone, ultrawide, sideways];

function scene(more: Partial<SceneInput> = {}): Scene {
  return arrange({
    box: laptop,
    layout: 'auto',
    watching: false,
    theatre: false,
    tilesHidden: false,
    pin: null,
    spotlight: '',
    speaker: null,
    screens: [],
    others: [...'abcd'],
    self: 'me',
    page: 0,
    ...more,
  });
}

const stageOf = ({ video, screens, tiles, area }: Scene) => {
  const beside = ({ left, top }: Rect) => area !== null && left >= area.left && top >= area.top;
  const on = (places: Map<string, Rect>) => [...places].filter(([, rect]) => !beside(rect)).map(([id]) => id);
  return { video: video !== null, screens: on(screens), people: on(tiles) };
};
const nothing = { video: false, screens: [], people: [] };

test('without anything to look at all are alike, oneself last', () => {
  const all = scene();
  expect(all.staged).toBe(false);
  expect([...all.tiles.keys()]).toEqual(['a', 'b', 'c', 'd', 'me']);
  expect(new Set([...all.tiles.values()].map(({ width, height }) => `${width}×${height}`)).size).toBe(1);
});

test('a hidden own tile leaves its place to the others', () => {
  expect([...scene({ self: null }).tiles.keys()]).toEqual([...'abcd']);
});

test('a shared screen, the video, and whom the teacher shows go up on the stage', () => {
  expect(stageOf(scene({ screens: ['b'] }))).toEqual({ ...nothing, screens: ['b'] });
  expect(stageOf(scene({ watching: true }))).toEqual({ ...nothing, video: true });
  expect(stageOf(scene({ spotlight: 'c' }))).toEqual({ ...nothing, people: ['c'] });
  expect(stageOf(scene({ spotlight: 'c', screens: ['a', 'b'] }))).toEqual({ ...nothing, screens: ['a', 'b'], people: ['c'] });
  expect(stageOf(scene({ spotlight: 'somebody who left' })).people).toEqual([]);
});

test('a pin wins: over the teacher, other screens and whoever speaks; the class’s video stays', () => {
  const pinned = scene({ pin: { kind: 'camera', id: 'd' }, spotlight: 'c', screens: ['a', 'b'], speaker: 'b' });
  expect(stageOf(pinned)).toEqual({ ...nothing, people: ['d'] });
  expect([...pinned.screens.keys()]).toEqual(['a', 'b']);
  expect(stageOf(scene({ pin: { kind: 'screen', id: 'b' }, screens: ['a', 'b'] })).screens).toEqual(['b']);
  expect(stageOf(scene({ pin: { kind: 'camera', id: 'd' }, watching: true }))).toEqual({ ...nothing, video: true, people: ['d'] });
  expect(stageOf(scene({ pin: { kind: 'screen', id: 'gone' }, screens: ['a'] })).screens).toEqual(['a']);
});

test('beside the video a screen stands at its side, on a phone below it', () => {
  const { video, screens } = scene({ watching: true, screens: ['a'] });
  expect(screens.get('a')).toMatchObject({ top: video?.top, height: video?.height });
  const upright = scene({ watching: true, screens: ['a'], box: phone });
  expect(upright.screens.get('a')).toMatchObject({ left: upright.video?.left, width: upright.video?.width });
});

test('a sidebar follows whoever speaks, and begins with somebody', () => {
  expect(stageOf(scene({ layout: 'sidebar' })).people).toEqual(['a']);
  expect(stageOf(scene({ layout: 'sidebar', speaker: 'c' })).people).toEqual(['c']);
  expect(scene({ layout: 'sidebar', speaker: 'c' }).followsSpeaker).toBe(true);
  expect(scene({ layout: 'sidebar', speaker: 'c', pin: { kind: 'camera', id: 'c' } }).followsSpeaker).toBe(false);
});

test('one alone is simply there, in any layout', () => {
  for (const layout of layouts) expect(scene({ layout, others: [] })).toMatchObject({ staged: false, pages: 1 });
});

test('a spotlight shows one thing only, and what nobody sees has no place', () => {
  const only = scene({ layout: 'spotlight', speaker: 'b' });
  expect([...only.tiles.keys()]).toEqual(['b']);
  const theatre = scene({ watching: true, theatre: true, screens: ['a'] });
  expect(theatre.tiles.size + theatre.screens.size).toBe(0);
  expect(theatre.video).toEqual({ left: 0, top: 0, ...laptop });
});

test('when a phone’s panel needs the place, the stage has all that is left', () => {
  const hidden = scene({ box: phone, watching: true, tilesHidden: true });
  expect(hidden.tiles.size).toBe(0);
  expect(hidden.video).toEqual({ left: 0, top: 0, ...phone });
});

test('on an ultrawide screen the tiles get what the picture leaves free', () => {
  const usual = scene({ screens: ['a'] }).area?.width ?? 0;
  const wide = scene({ screens: ['a'], box: ultrawide }).area?.width ?? 0;
  expect(usual).toBeLessThanOrEqual(240);
  expect(wide).toBeGreaterThan(900);
});

test('on a phone held sideways the video has the width for controls beside its picture, upright the height for those below it', () => {
  const beside = scene({ box: sideways, watching: true }).video;
  expect((beside?.width ?? 0) - 264).toBeGreaterThan(400);
  const upright = scene({ box: phone, watching: true }).video;
  expect((upright?.height ?? 0) - (phone.width * 9) / 16).toBeGreaterThanOrEqual(199);
});

test('everybody is on exactly one page, oneself on the first', () => {
  const others = Array.from({ length: 99 }, (_, i) => `p${i}`);
  const first = scene({ others });
  expect(first.pages).toBe(3);
  expect(first.tiles.has('me')).toBe(true);
  const pages = Array.from({ length: first.pages }, (_, page) => [...scene({ others, page }).tiles.keys()]);
  expect(pages.flat().sort()).toEqual([...others, 'me'].sort());
  expect(first.firstPage).toEqual(pages[0]?.filter((id) => id !== 'me'));
  expect(scene({ others, page: 9 }).page).toBe(2);
});

test('in a window that holds one tile, the first is not one’s own', () => {
  const tiny = scene({ box: { width: 304, height: 150 } });
  expect([...tiny.tiles.keys()]).toEqual(['a']);
});

test.each(boxes)('in a box of $width × $height nothing stands outside or on something else, from 1 to 100 people in every layout', (box) => {
  for (const layout of layouts) {
    for (const more of [{}, { screens: ['p0'] }, { screens: ['p0', 'p1', 'p2', 'p3'] }, { watching: true }, { watching: true, screens: ['p0'] }, { spotlight: 'p1' }]) {
      for (let count = 1; count <= 100; count += count < 12 ? 1 : 11) {
        const others = Array.from({ length: count - 1 }, (_, i) => `p${i}`);
        const screens = (more.screens ?? []).filter((id) => others.includes(id));
        const { video, screens: shared, tiles, area, pages } = scene({ ...more, box, layout, others, screens });
        const rects = [...shared.values(), ...tiles.values(), ...(video ? [video] : [])];
        for (const { left, top, width, height } of rects) {
          expect(Math.min(left, top, width - 1, height - 1)).toBeGreaterThanOrEqual(0);
          expect(left + width).toBeLessThanOrEqual(box.width);
          expect(top + height).toBeLessThanOrEqual(box.height + 1);
        }
        const buttons = area && pages > 1 ? [{ ...area, top: area.top + area.height - PAGER_HEIGHT, height: PAGER_HEIGHT }] : [];
        expect(overlapping([...rects, ...buttons]), JSON.stringify({ layout, more, count })).toBe(false);
      }
    }
  }
});

function overlapping(rects: Rect[]): boolean {
  return rects.some((a, i) =>
    rects.slice(i + 1).some((b) => a.left < b.left + b.width && b.left < a.left + a.width && a.top < b.top + b.height && b.top < a.top + a.height),
  );
}
