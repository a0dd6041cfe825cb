/** Sizes in CSS pixels. */
export interface TileLayout {
  columns: number;
  width: number;
  height: number;
  /** Not everyone fits at a readable size: the grid scrolls. */
  scrolls: boolean;
}

const WIDEST = 16 / 9;
const MIN_WIDTH = 150;
const PHONE_WIDTH = 480;

/**
 * The largest equal tiles for `count` people in a box. Tiles are at most 16:9 and may grow taller, up to 4:3 in a wide box
 * and 3:4 in a tall one. On a phone three or more people stand in two columns.
 */
export function tileLayout(count: number, boxWidth: number, boxHeight: number, gap: number): TileLayout {
  const people = Math.max(1, count);
  const tallest = boxWidth >= boxHeight ? 4 / 3 : 3 / 4;
  const phone = boxWidth < PHONE_WIDTH;
  const fewest = phone && people > 2 ? 2 : 1;
  const most = phone ? Math.min(2, people) : people;

  let best: TileLayout = { columns: fewest, width: 0, height: 0, scrolls: false };
  for (let columns = fewest; columns <= most; columns++) {
    const rows = Math.ceil(people / columns);
    const cellWidth = (boxWidth - gap * (columns - 1)) / columns;
    const cellHeight = (boxHeight - gap * (rows - 1)) / rows;
    const width = Math.floor(Math.min(cellWidth, cellHeight * WIDEST));
    const height = Math.floor(Math.min(cellHeight, width / tallest));
    if (width * height > best.width * best.height) best = { columns, width, height, scrolls: false };
  }
  return best.width >= Math.min(MIN_WIDTH, boxWidth) ? best : scrollingLayout(boxWidth, gap);
}

function scrollingLayout(boxWidth: number, gap: number): TileLayout {
  const columns = Math.max(1, Math.floor((boxWidth + gap) / (MIN_WIDTH + gap)));
  const width = Math.max(0, Math.floor((boxWidth - gap * (columns - 1)) / columns));
  return { columns, width, height: Math.floor(width / (4 / 3)), scrolls: true };
}
