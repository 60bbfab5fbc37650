type BuildScript = { build(): Promise<void>; isBuilt(): boolean }
type LockScript = { withLock<T>(work: () => Promise<T>): Promise<T> }

/**
 * Builds what the two doors run, once, and only for the tests that start them: nothing is done
 * when `dist/` and `.next/` are of these sources, and other test files wait for the one that builds.
 */
export async function ensureBuilt(): Promise<void> {
  const { build, isBuilt } = await importScript<BuildScript>('build')
  if (isBuilt()) return
  const { withLock } = await importScript<LockScript>('lock')
  await withLock(build)
}

/** The scripts are plain JavaScript: what they export is told here. */
async function importScript<Module>(name: string): Promise<Module> {
  return import(new URL(`../../scripts/${name}.mjs`, import.meta.url).href)
}
