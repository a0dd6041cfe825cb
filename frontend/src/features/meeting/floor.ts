import type { CellNeeds, Rect, TileShape } from './tiles';
import type { Box } from './view';

/** auto: all alike, until there is something to look at. sidebar: one large, the others beside it. spotlight: only that. */
export const layouts = ['auto', 'grid', 'sidebar', 'spotlight'] as const;
export type Layout = (typeof layouts)[number];

export type StageItem = { kind: 'video' } | { kind: 'screen' | 'camera'; id: string };

/** A picture that somebody has pinned here. */
export interface Pin {
  kind: 'screen' | 'camera';
  id: string;
}

export interface Attention {
  layout: Layout;
  /** The class's video is on. */
  watching: boolean;
  /** The video takes the whole room. */
  theatre: boolean;
  pin: Pin | null;
  /** Whom a teacher shows to everybody. */
  spotlight: string;
  /** Who shares a screen that can be seen here. */
  screens: string[];
  /** Who is here. */
  people: string[];
  /** Who spoke last, of the others. */
  speaker: string | null;
}

/** What stands on the stage: the class's video in any case, then one's own choice, the teacher's, shared screens, whoever speaks. */
export function onStage({ layout, watching, theatre, pin, spotlight, screens, people, speaker }: Attention): StageItem[] {
  const video: StageItem[] = watching ? [{ kind: 'video' }] : [];
  if (watching && theatre) return video;
  if (pin && (pin.kind === 'screen' ? screens : people).includes(pin.id)) return [...video, { kind: pin.kind, id: pin.id }];
  const shown: StageItem[] = screens.map((id) => ({ kind: 'screen', id }));
  if (people.includes(spotlight)) shown.push({ kind: 'camera', id: spotlight });
  if (watching || shown.length > 0) return [...video, ...shown];
  if (layout === 'auto' || layout === 'grid' || people.length < 2) return [];
  const id = speaker !== null && people.includes(speaker) ? speaker : people[0];
  return id === undefined ? [] : [{ kind: 'camera', id }];
}

export interface FloorPlan {
  stage: Rect | null;
  tiles: Rect | null;
  shape: TileShape;
}

const GAP = 8;
const STAGE_GAP = 12;
/** Narrower, it is a phone held upright, or a panel takes the place. */
const PHONE_WIDTH = 480;
/** On a phone held sideways the video's controls stand beside its picture, as watch.module.css has it. */
const LOW = { height: 400, controls: 264 };
const SIDEBAR = { share: 0.17, min: 132, max: 240, widest: 0.45 };
const GRID_SHARE = 0.42;

/** What the video's controls need below it; on a phone they break into more rows. */
export function videoNeeds({ width }: Box): CellNeeds {
  return { controls: width < PHONE_WIDTH ? 200 : 172, minWidth: 340 };
}

/** Where the stage and the tiles stand. Beside the stage in a wide box, below it in a tall one. */
export function floorPlan(box: Box, stage: StageItem[], layout: Layout, theatre: boolean): FloorPlan {
  const whole: Rect = { left: 0, top: 0, width: box.width, height: box.height };
  const tall = box.height > box.width;
  const video = stage[0]?.kind === 'video';
  if (stage.length === 0) {
    return { stage: null, tiles: whole, shape: { gap: GAP, tallest: tall ? 3 / 4 : 4 / 3, fewestColumns: box.width < PHONE_WIDTH ? 2 : 1 } };
  }
  const shape = { gap: GAP, tallest: 4 / 3, fewestColumns: 1 };
  if (layout === 'spotlight' || (video && theatre)) return { stage: whole, tiles: null, shape };
  if (tall) {
    const height = Math.round(stageHeight(box, stage.length, video, layout));
    return {
      stage: { ...whole, height },
      tiles: { ...whole, top: height + GAP, height: Math.max(0, box.height - height - GAP) },
      shape,
    };
  }
  const width = Math.round(sidebarWidth(box, layout, video));
  return {
    stage: { ...whole, width: box.width - width - STAGE_GAP },
    tiles: { ...whole, left: box.width - width, width },
    shape,
  };
}

/** A single picture needs no more height than it has; the tiles below keep at least a good quarter. */
function stageHeight(box: Box, count: number, video: boolean, layout: Layout): number {
  const { width, height } = box;
  if (layout === 'grid') return height / 2;
  const picture = (width * 9) / 16 + (video ? videoNeeds(box).controls : 0);
  return Math.min(count > 1 ? height * 0.66 : picture, height * 0.72);
}

/** What a picture of the usual shape leaves free on a very wide screen goes to the tiles. */
function sidebarWidth({ width, height }: Box, layout: Layout, video: boolean): number {
  if (layout === 'grid') return width * GRID_SHARE;
  const usual = Math.min(SIDEBAR.max, Math.max(SIDEBAR.min, width * SIDEBAR.share));
  const left = width - STAGE_GAP - (height * 16) / 9 - (video && height < LOW.height ? LOW.controls : 0);
  return Math.min(width * SIDEBAR.widest, Math.max(usual, left));
}
