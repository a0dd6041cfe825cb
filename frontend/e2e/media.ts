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
    // Tracks of different people may have the same id: they are told apart as objects.
    const receivers = window.harness.peers.filter((peer) => peer.connectionState !== 'closed').flatMap((peer) => peer.getReceivers());
    const sum = async (selector: string, field: string) => {
      let total = 0;
      for (const element of document.querySelectorAll<HTMLMediaElement>(selector)) {
        const tracks = element.srcObject instanceof MediaStream ? element.srcObject.getTracks() : [];
        for (const receiver of receivers.filter(({ track }) => tracks.includes(track))) {
          for (const report of (await receiver.getStats()).values()) if (report.type === 'inbound-rtp') total += report[field] ?? 0;
        }
      }
      return total;
    };
    return {
      framesDecoded: await sum(`[data-participant-id="${id}"] video[data-source="camera"]`, 'framesDecoded'),
      audioEnergy: await sum(`audio[data-participant-id="${id}"][data-source="microphone"]`, 'totalAudioEnergy'),
    };
  }, participantId);
}

/** Waits until a page decodes new frames of a participant and, unless told not to, hears a sound. */
export async function expectMedia(page: Page, participantId: string, { picture = true, sound = true, timeout = 15_000 } = {}): Promise<void> {
  const before = await received(page, participantId);
  await expect
    .poll(
      async () => {
        const now = await received(page, participantId);
        return {
          picture: !picture || now.framesDecoded > before.framesDecoded + 5,
          sound: !sound || now.audioEnergy > before.audioEnergy,
        };
      },
      { message: `picture and sound of ${participantId}`, timeout, intervals: [100] },
    )
    .toEqual({ picture: true, sound: true });
}
