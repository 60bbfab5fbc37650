/**
 * Starts under `next dev`, `next start` and any host that takes a plain Next app what `server.ts`
 * starts otherwise. In the console's process (a child of `server.ts`) there is nothing to start.
 */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return
  const { startNextDoor } = await import('./server/start-next-door')
  await startNextDoor()
}
