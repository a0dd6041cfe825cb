import { floorPlan, type Layout, onStage, type Pin, type StageItem, videoNeeds } from './floor';
import { fitted, type Rect, roomFor, stageRects, tilePages, tileRects } from './tiles';
import type { Box } from './view';

/** What there is to show, and what of it matters. */
export interface SceneInput {
  box: Box;
  layout: Layout;
  watching: boolean;
  theatre: boolean;
  /** Another panel needs the tiles' place. */
  tilesHidden: boolean;
  pin: Pin | null;
  spotlight: string;
  speaker: string | null;
  /** Whose screens can be seen. */
  screens: string[];
  /** The others, by their seats. */
  others: readonly string[];
  /** Oneself, unless one's own tile is hidden. */
  self: string | null;
  page: number;
}

/** Where everything stands, in CSS pixels of the floor. */
export interface Scene {
  staged: boolean;
  video: Rect | null;
  /** By participant id. */
  screens: Map<string, Rect>;
  tiles: Map<string, Rect>;
  /** Of the tiles beside or below the stage. */
  area: Rect | null;
  page: number;
  pages: number;
  /** Who of the others is seen without turning a page. */
  firstPage: string[];
  /** Whose cameras are on the stage. */
  onStage: string[];
  /** Whoever speaks goes up on the stage. */
  followsSpeaker: boolean;
}

const STAGE_GAP = 12;

/** The room's picture, as pure arithmetic. */
export function arrange(input: SceneInput): Scene {
  const { layout, others, self, screens, tilesHidden, theatre, box } = input;
  const stage = onStage({ ...input, people: self === null ? [...others] : [...others, self] });
  const on = (kind: StageItem['kind'], id: string) => stage.some((item) => item.kind === kind && 'id' in item && item.id === id);
  const waiting: Item[] = [
    ...screens.filter((id) => !on('screen', id)).map((id): Item => ({ kind: 'screen', id })),
    ...others.filter((id) => !on('camera', id)).map((id): Item => ({ kind: 'camera', id })),
  ];
  const ownTile = self !== null && !on('camera', self);
  const count = waiting.length + (ownTile ? 1 : 0);
  const nothingBeside = stage.length > 0 && (tilesHidden || count === 0);
  const plan = floorPlan(box, stage, nothingBeside ? 'spotlight' : layout, theatre);
  const tall = box.height > box.width;
  const scene: Scene = {
    staged: stage.length > 0,
    video: null,
    screens: new Map(),
    tiles: new Map(),
    area: plan.tiles,
    page: 0,
    pages: 1,
    firstPage: [],
    onStage: stage.flatMap((item) => (item.kind === 'camera' ? [item.id] : [])),
    followsSpeaker: stage.length === 1 && stage[0]?.kind === 'camera' && input.pin?.id !== stage[0].id && input.spotlight !== stage[0].id,
  };
  if (plan.stage) placeOnStage(scene, stage, plan.stage, tall);
  if (!plan.tiles || tilesHidden) return scene;

  const pages = tilePages(count, plan.tiles, plan.shape);
  // Oneself is the last of the first page: seen, and in nobody's way. Where one fits, that is somebody else.
  if (ownTile) waiting.splice(Math.max(1, pages.perPage - 1), 0, { kind: 'camera', id: self });
  scene.pages = pages.pages;
  scene.page = Math.min(input.page, pages.pages - 1);
  scene.firstPage = waiting.slice(0, pages.perPage).flatMap(({ kind, id }) => (kind === 'camera' && id !== self ? [id] : []));
  const shown = waiting.slice(scene.page * pages.perPage, (scene.page + 1) * pages.perPage);
  const rects = tileRects(shown.length, roomFor(pages, plan.tiles), pages, plan.shape.gap, plan.stage ? 'start' : 'centre');
  shown.forEach((item, i) => place(scene, item, rects[i]));
  return scene;
}

interface Item {
  kind: 'screen' | 'camera';
  id: string;
}

function placeOnStage(scene: Scene, stage: StageItem[], area: Rect, tall: boolean): void {
  const video = stage[0]?.kind === 'video';
  const rects = stageRects(stage.length, area, STAGE_GAP, video ? videoNeeds(area) : undefined);
  stage.forEach((item, i) => {
    const rect = rects[i];
    if (!rect) return;
    if (item.kind === 'video') scene.video = rect;
    else place(scene, item, item.kind === 'camera' ? fitted(rect, tall ? 3 / 4 : 4 / 3) : rect);
  });
}

function place(scene: Scene, { kind, id }: Item, rect: Rect | undefined): void {
  if (rect) (kind === 'screen' ? scene.screens : scene.tiles).set(id, rect);
}
