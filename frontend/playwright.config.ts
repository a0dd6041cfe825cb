import { defineConfig, devices } from '@playwright/test';
import { chromium } from './e2e/browser';

const report = process.env.PLAYWRIGHT_JSON_OUTPUT_FILE;

/** Those without sound and pictures, or that mostly wait: two at a time may share two cores, `npx playwright test --project=chat --workers=2`. */
const chat = /(access|account|call-network|channels|class|composer|conversations|delivery|notifications|offline|search)\.spec\.ts$/;

/** Browser stories against the real binary. One worker: the stories share two cores with the media they play. */
export default defineConfig({
  projects: [
    { name: 'chat', testMatch: chat },
    { name: 'media', testMatch: '*.spec.ts', testIgnore: chat },
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
