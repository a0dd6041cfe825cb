import type { Box } from './view';

export interface Rect extends Box {
  left: number;
  top: number;
}

/** Equal tiles on pages, in CSS pixels. */
export interface TilePages {
  columns: number;
  /** Of a tile. */
  width: number;
  height: number;
  perPage: number;
  pages: number;
}

/** How a box is filled. */
export interface TileShape {
  gap: number;
  /** Width to height of the tallest tile that still looks like a person. */
  tallest: number;
  /** The fewest columns for three or more. */
  fewestColumns: number;
}

const WIDEST = 16 / 9;
const MIN_WIDTH = 150;
const MIN_HEIGHT = MIN_WIDTH / WIDEST;

/** Six by six: more faces than these nobody reads, and no classroom laptop decodes. */
const MOST_ON_PAGE = 36;

/** What turning pages needs below the tiles. */
export const PAGER_HEIGHT = 48;

/**
 * The largest equal tiles for `count` people. Where they would be too small to be read they are spread evenly over pages, and the
 * height for the page buttons is kept free.
 */
export function tilePages(count: number, box: Box, shape: TileShape): TilePages {
  const people = Math.max(1, count);
  const all = largestTiles(people, box, shape);
  if ((all.width >= leastWidth(box) && people <= MOST_ON_PAGE) || box.width <= 0 || box.height <= 0) return { ...all, perPage: people, pages: 1 };
  const rest = roomFor({ pages: 2 }, box);
  const pages = Math.ceil(people / capacity(rest, shape.gap));
  const perPage = Math.ceil(people / pages);
  return { ...largestTiles(perPage, rest, shape), perPage, pages: Math.ceil(people / perPage) };
}

/** What the page buttons leave of a place, where there are any. */
export function roomFor<T extends Box>({ pages }: Pick<TilePages, 'pages'>, place: T): T {
  return pages === 1 ? place : { ...place, height: Math.max(0, place.height - PAGER_HEIGHT) };
}

function leastWidth(box: Box): number {
  return Math.min(MIN_WIDTH, Math.floor(box.width));
}

/** How many tiles of the least size a box holds. */
function capacity({ width, height }: Box, gap: number): number {
  const columns = Math.max(1, Math.floor((width + gap) / (MIN_WIDTH + gap)));
  const rows = Math.max(1, Math.floor((height + gap) / (MIN_HEIGHT + gap)));
  return Math.min(MOST_ON_PAGE, columns * rows);
}

function largestTiles(people: number, box: Box, { gap, tallest, fewestColumns }: TileShape): Omit<TilePages, 'perPage' | 'pages'> {
  const fewest = people > 2 ? Math.min(fewestColumns, people) : 1;
  let best = { columns: fewest, width: 0, height: 0 };
  for (let columns = fewest; columns <= people; columns++) {
    const rows = Math.ceil(people / columns);
    const cellWidth = (box.width - gap * (columns - 1)) / columns;
    const cellHeight = (box.height - gap * (rows - 1)) / rows;
    const width = Math.max(0, Math.floor(Math.min(cellWidth, cellHeight * WIDEST)));
    const height = Math.max(0, Math.floor(Math.min(cellHeight, width / tallest)));
    // A larger tile is no gain when the name on it cannot be read.
    const narrow = width < leastWidth(box) && best.width > width;
    if (!narrow && width * height > best.width * best.height) best = { columns, width, height };
  }
  return best;
}

/** Where the tiles of one page stand: centred, the last row too; `align` says where in the box's height. */
export function tileRects(count: number, area: Rect, { columns, width, height }: TilePages, gap: number, align: 'start' | 'centre'): Rect[] {
  const rows = Math.ceil(count / columns);
  const free = area.height - rows * height - (rows - 1) * gap;
  const top = area.top + (align === 'centre' ? Math.max(0, Math.floor(free / 2)) : 0);
  return Array.from({ length: count }, (_, i) => {
    const row = Math.floor(i / columns);
    const inRow = Math.min(columns, count - row * columns);
    const side = Math.floor((area.width - inRow * width - (inRow - 1) * gap) / 2);
    return { left: area.left + side + (i % columns) * (width + gap), top: top + row * (height + gap), width, height };
  });
}

/** What every cell needs beside its picture. */
export interface CellNeeds {
  /** Below the picture. */
  controls: number;
  minWidth: number;
}

/** Cells for what is on the stage, as large as pictures of the usual shape get in them; side by side where that is the same. */
export function stageRects(count: number, area: Rect, gap: number, { controls, minWidth }: CellNeeds = { controls: 0, minWidth: 0 }): Rect[] {
  let best = { columns: 1, size: 0 };
  for (let columns = 1; columns <= count; columns++) {
    const cell = cellOf(count, columns, area, gap);
    const size = Math.min(cell.width, Math.max(1, cell.height - controls) * WIDEST);
    if (size >= best.size && (columns === 1 || cell.width >= minWidth)) best = { columns, size };
  }
  const { columns } = best;
  const cell = cellOf(count, columns, area, gap);
  return Array.from({ length: count }, (_, i) => {
    const row = Math.floor(i / columns);
    const inRow = Math.min(columns, count - row * columns);
    const side = (area.width - inRow * cell.width - (inRow - 1) * gap) / 2;
    return { left: area.left + Math.floor(side) + (i % columns) * (cell.width + gap), top: area.top + row * (cell.height + gap), ...cell };
  });
}

function cellOf(count: number, columns: number, area: Rect, gap: number): Box {
  const rows = Math.ceil(count / columns);
  return {
    width: Math.max(0, Math.floor((area.width - gap * (columns - 1)) / columns)),
    height: Math.max(0, Math.floor((area.height - gap * (rows - 1)) / rows)),
  };
}

/** A person alone in a place fills it as far as a face may be cut. */
export function fitted(place: Rect, tallest: number): Rect {
  const width = Math.floor(Math.min(place.width, place.height * WIDEST));
  const height = Math.floor(Math.min(place.height, width / tallest));
  return { left: place.left + Math.floor((place.width - width) / 2), top: place.top + Math.floor((place.height - height) / 2), width, height };
}
