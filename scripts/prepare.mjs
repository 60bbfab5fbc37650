import { build, isBuilt } from './build.mjs'
import { install, isInstalled } from './install.mjs'
import { withLock } from './lock.mjs'

/** Installs and builds what is not; ends the process with exit code 1 and the reason. */
export async function prepare() {
  if (isInstalled() && isBuilt()) return
  try {
    await withLock(async () => {
      await install()
      await build()
    })
  } catch (error) {
    console.error(error.message)
    process.exit(1)
  }
}
