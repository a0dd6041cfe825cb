import type { LaunchOptions } from '@playwright/test';

/**
 * Debian's Chromium with fake devices: the whole browser, or only its `shell`, which has the same engine but no window of its own to
 * draw and so takes a quarter less of the processor. The loopback flag lets WebRTC reach 127.0.0.1 where there is no other interface;
 * the throttling flags keep pages in the background as live as a second person's computer.
 */
export function chromium({ autoplay = true, shell = false } = {}): LaunchOptions {
  return {
    executablePath: process.env.LECTERN_CHROMIUM ?? (shell ? '/usr/bin/chromium-headless-shell' : '/usr/bin/chromium'),
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      '--allow-loopback-in-peer-connection',
      '--disable-background-timer-throttling',
      '--disable-backgrounding-occluded-windows',
      '--disable-renderer-backgrounding',
      ...(autoplay ? ['--autoplay-policy=no-user-gesture-required'] : []),
    ],
  };
}
