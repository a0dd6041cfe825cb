import type { Tile } from '@/api/wire.gen';

export interface Box {
  width: number;
  height: number;
}

/** Small changes of size are none: sizes go out in steps of this many pixels. */
const STEP = 16;

/** Faces gain nothing from the third pixel of a phone's screen. */
const FACE_DENSITY = 2;

/** Text stays legible when it is shrunk, not when it is enlarged: a screen is asked for twice as large as it is shown. */
const TEXT_MARGIN = 2;

/** Of a camera or screen that has not shown a picture yet. */
export const USUAL_RATIO = 16 / 9;

/**
 * The size in device pixels that a picture of this ratio needs to look well in a box of CSS pixels. Cameras fill their tile and lose
 * what stands out; a screen is shown whole.
 */
export function pictureSize(source: Tile['source'], box: Box, ratio: number, density: number): Box {
  const whole = source === 'screen';
  const fits = box.width / box.height > ratio;
  const width = fits === whole ? box.height * ratio : box.width;
  const scale = whole ? density * TEXT_MARGIN : Math.min(density, FACE_DENSITY);
  return { width: inSteps(width * scale), height: inSteps((width / ratio) * scale) };
}

function inSteps(pixels: number): number {
  return Math.ceil(Math.round(pixels) / STEP) * STEP;
}
