import { defineConfig } from '@playwright/test';
import stories from './playwright.config';

/** The measurement of the synchronisation: `make bench-sync`. Apart from the stories, since it takes minutes and a quiet machine. */
export default defineConfig({
  ...stories,
  projects: undefined,
  testDir: 'e2e/bench',
  testMatch: '*.bench.ts',
  outputDir: 'test-results/bench',
  timeout: 240_000,
  reporter: [['./e2e/bench/table.ts']],
});
