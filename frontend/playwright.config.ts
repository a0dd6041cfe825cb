import { defineConfig, devices } from '@playwright/test';
import { chromium } from './e2e/browser';

const report = process.env.PLAYWRIGHT_JSON_OUTPUT_FILE;

/** Those that mostly wait, for a server or for time to pass: four at a time may share two cores, `npx playwright test --project=chat --workers=4`. */
const chat = /(access|account|call-network|channels|class|composer|conversations|delivery|notifications|offline|search)\.spec\.ts$/;

/** With sound and pictures, but without a bar for how fast they come: two at a time. */
const room = /(attendance|autoplay|breakouts|call|call-media|captions|devices|embed|lobby|microphone|plain-http|polls|prejoin|reconnect|teacher)\.spec\.ts$/;

/** Browser stories against the real binary. One worker for the rest: they measure, and share two cores with the media they play. */
export default defineConfig({
  projects: [
    { name: 'chat', testMatch: chat, use: { launchOptions: chromium({ shell: true }) } },
    { name: 'room', testMatch: room, timeout: 90_000, expect: { timeout: 20_000 }, use: { actionTimeout: 20_000 } },
    { name: 'media', testMatch: '*.spec.ts', testIgnore: [chat, room] },
  ],
  testDir: 'e2e',
  testMatch: '*.spec.ts',
  outputDir: 'test-results',
  workers: 1,
  fullyParallel: false,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list'], ['./e2e/measurements.ts'], ...(report ? [['json', { outputFile: report }] as const] : [])],
  use: {
    ...devices['Desktop Chrome'],
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    timezoneId: 'Asia/Taipei',
    actionTimeout: 10_000,
    screenshot: 'only-on-failure',
    trace: 'off',
    launchOptions: chromium(),
  },
});
