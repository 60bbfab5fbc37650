/** The Chromium of this machine, or undefined. */
export function findChromium(): string | undefined
