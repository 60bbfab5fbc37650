import { defineConfig } from '@playwright/test'
import { findChromium } from './scripts/find-chromium.mjs'

const executablePath = findChromium()
/** They start first: at the end of a run nothing would be beside them. */
const longest = /\/(usage|users|settings)\.spec\.ts$/

export default defineConfig({
  testDir: 'e2e',
  globalSetup: './e2e/support/build.ts',
  forbidOnly: true,
  projects: [
    { name: 'longest', testMatch: longest },
    { name: 'others', testIgnore: longest },
  ],
  workers: 3,
  retries: 1,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  outputDir: 'test-results',
  use: {
    viewport: { width: 1440, height: 900 },
    contextOptions: { reducedMotion: 'reduce' },
    actionTimeout: 30_000,
    navigationTimeout: 60_000,
    // Of a second failure: recording every test takes a third of the processor.
    trace: 'on-first-retry',
    launchOptions: {
      ...(executablePath && { executablePath }),
      // No machine of ours has a GPU, and imitating one takes a quarter of a page's time.
      args: ['--no-sandbox', '--disable-background-networking', '--disable-gpu'],
    },
  },
})
