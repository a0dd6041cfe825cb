import type { Page } from '@playwright/test';

/** One encoding that a page sends. */
export interface Sent {
  rid: string | null;
  active: boolean;
  bytes: number;
  width: number;
}

/** The video encodings that a page sends of its camera or screen, small to large. */
export async function sent(page: Page, source: 'camera' | 'screen' = 'camera'): Promise<Sent[]> {
  return await page.evaluate(async (hint) => {
    const [publisher] = window.harness.peers.filter((peer) => peer.connectionState !== 'closed');
    const sender = publisher?.getSenders().find(({ track }) => track?.kind === 'video' && track.contentHint === hint);
    const reports = sender ? [...(await sender.getStats()).values()] : [];
    const rids = ['q', 'h', 'f'];
    return reports
      .filter(({ type }) => type === 'outbound-rtp')
      .map(({ rid, active, bytesSent, frameWidth }) => ({ rid: rid ?? null, active: active !== false, bytes: bytesSent ?? 0, width: frameWidth ?? 0 }))
      .sort((a, b) => rids.indexOf(a.rid) - rids.indexOf(b.rid));
  }, source === 'camera' ? 'motion' : 'detail');
}

/** Bytes of a participant's track that a page has received. */
export async function receivedBytes(page: Page, participantId: string, source: 'camera' | 'screen' | 'microphone'): Promise<number> {
  return await page.evaluate(
    async ([id, source]) => {
      const selector = source === 'microphone' ? `audio[data-participant-id="${id}"]` : `[data-participant-id="${id}"] video`;
      const media = document.querySelector<HTMLMediaElement>(`${selector}[data-source="${source}"]`)?.srcObject;
      const tracks = media instanceof MediaStream ? media.getTracks() : [];
      const receivers = window.harness.peers.flatMap((peer) => peer.getReceivers()).filter(({ track }) => tracks.includes(track));
      let bytes = 0;
      for (const receiver of receivers) {
        for (const report of (await receiver.getStats()).values()) if (report.type === 'inbound-rtp') bytes += report.bytesReceived ?? 0;
      }
      return bytes;
    },
    [participantId, source] as const,
  );
}

/** How many pixels wide a participant's picture arrives; 0 before the first. */
export async function pictureWidth(page: Page, participantId: string, source: 'camera' | 'screen' = 'camera'): Promise<number> {
  return await page.locator(`[data-participant-id="${participantId}"] video[data-source="${source}"]`).evaluate((video) => (video as HTMLVideoElement).videoWidth);
}

/** Puts a page into the background, or back to the front, as another tab before it does. */
export async function setHidden(page: Page, hidden: boolean): Promise<void> {
  await page.evaluate((hidden) => {
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => (hidden ? 'hidden' : 'visible') });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);
}

/** Brings a page back to the front and waits for the next new picture of a participant; milliseconds. */
export async function timeToPicture(page: Page, participantId: string): Promise<number> {
  const video = page.locator(`[data-participant-id="${participantId}"] video[data-source="camera"]`);
  return await video.evaluate(
    (element) =>
      new Promise<number>((done) => {
        const start = performance.now();
        (element as HTMLVideoElement).requestVideoFrameCallback(() => done(performance.now() - start));
        Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => 'visible' });
        document.dispatchEvent(new Event('visibilitychange'));
      }),
  );
}
