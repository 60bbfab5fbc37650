import { defineConfig } from '@playwright/test'
import base from '../../playwright.config'

const { E2E_BASE_URL, E2E_USER, E2E_PASSWORD } = process.env
if (!E2E_BASE_URL || !E2E_USER || !E2E_PASSWORD) {
  throw new Error(
    'Say which installation: E2E_BASE_URL=https://corral.example E2E_USER=ada E2E_PASSWORD=…',
  )
}

/** For an installation that runs: nothing is built and nothing is started. */
export default defineConfig({
  testDir: '.',
  testMatch: '*.deployed.ts',
  forbidOnly: true,
  workers: 1,
  timeout: 180_000,
  expect: { timeout: 30_000 },
  outputDir: '../../test-results/deployment',
  use: { ...base.use, baseURL: E2E_BASE_URL, trace: 'off' },
})
