/** Beyond this the reader's clock is wrong, and not only the way here long. */
const trustedMs = 10_000

/** What to add to the reader's clock, so that it tells the server's time. */
export function clockOffset({ serverMs, readerMs }: { serverMs: number; readerMs: number }) {
  const away = serverMs - readerMs
  return Math.abs(away) < trustedMs ? 0 : away
}
