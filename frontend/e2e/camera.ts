import type { BrowserContext } from '@playwright/test';

/** A picture from a webcam. */
export interface Camera {
  width: number;
  height: number;
  frameRate: number;
}

/** Cheap enough for several people on one small machine. */
export const smallCamera: Camera = { width: 640, height: 360, frameRate: 20 };

/** Makes every page of a context believe that its webcam is no better than this, whatever it asks for. */
export async function plugIn(context: BrowserContext, camera: Camera): Promise<void> {
  await context.addInitScript(({ width, height, frameRate }) => {
    const devices = navigator.mediaDevices;
    const open = devices?.getUserMedia.bind(devices);
    if (!open) return;
    devices.getUserMedia = (constraints = {}) => {
      if (!constraints.video) return open(constraints);
      const wanted = typeof constraints.video === 'object' ? constraints.video : {};
      return open({ ...constraints, video: { ...wanted, width, height, frameRate } });
    };
  }, camera);
}
