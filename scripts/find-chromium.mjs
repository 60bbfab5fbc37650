import { existsSync } from 'node:fs'

// The shell without a window comes first: it opens a page in a fraction of the browser's time.
const places = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
]

/** The Chromium of this machine, or undefined. */
export function findChromium() {
  return places.find((file) => existsSync(file))
}
