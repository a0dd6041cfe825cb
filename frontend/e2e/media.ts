import { expect, type Page } from '@playwright/test';

/** What a page has received from one participant so far. */
export interface Received {
  framesDecoded: number;
  /** Rises with every sound that is not silence (W3C webrtc-stats totalAudioEnergy). */
  audioEnergy: number;
}

/** Reads what a page receives from a participant, by the tracks in that participant's elements. */
export async function received(page: Page, participantId: string): Promise<Received> {
  return await page.evaluate(async (id) => {
    const tracksOf = (selector: string) =>
      [...document.querySelectorAll<HTMLMediaElement>(selector)].flatMap((element) =>
        element.srcObject instanceof MediaStream ? element.srcObject.getTracks().map((track) => track.id) : [],
      );
    const cameras = new Set(tracksOf(`[data-participant-id="${id}"] video[data-source="camera"]`));
    const voices = new Set(tracksOf(`audio[data-participant-id="${id}"][data-source="microphone"]`));
    const result = { framesDecoded: 0, audioEnergy: 0 };
    for (const peer of window.harness.peers) {
      if (peer.connectionState === 'closed') continue;
      for (const report of (await peer.getStats()).values()) {
        if (report.type !== 'inbound-rtp') continue;
        if (cameras.has(report.trackIdentifier)) result.framesDecoded += report.framesDecoded ?? 0;
        if (voices.has(report.trackIdentifier)) result.audioEnergy += report.totalAudioEnergy ?? 0;
      }
    }
    return result;
  }, participantId);
}

/** Waits until a page decodes new frames of a participant and, unless told not to, hears a sound. */
export async function expectMedia(page: Page, participantId: string, { sound = true, timeout = 15_000 } = {}): Promise<void> {
  const before = await received(page, participantId);
  await expect
    .poll(
      async () => {
        const now = await received(page, participantId);
        return {
          picture: now.framesDecoded > before.framesDecoded + 5,
          sound: !sound || now.audioEnergy > before.audioEnergy,
        };
      },
      { message: `picture and sound of ${participantId}`, timeout, intervals: [100] },
    )
    .toEqual({ picture: true, sound: true });
}
