import { linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { root } from './root.mjs'

const file = path.join(root, '.corral-lock')
const pollMs = 200
const waitMsMax = 30 * 60_000

/** Runs `work` while no other start or test of this folder installs or builds. */
export async function withLock(work) {
  await take()
  const release = () => rmSync(file, { force: true })
  process.once('exit', release)
  try {
    return await work()
  } finally {
    process.off('exit', release)
    release()
  }
}

async function take() {
  let told = false
  for (let waitedMs = 0; waitedMs < waitMsMax; waitedMs += pollMs) {
    if (tryToTake()) return
    if (!removeWhenStale() && !told) console.error('Waiting for another start that is building.')
    told = true
    await sleep(pollMs)
  }
  throw new Error(`Another process has held ${file} for too long. Delete it when none is running.`)
}

// Whole from its first moment: the name appears with the process id already in it.
function tryToTake() {
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, String(process.pid))
  try {
    linkSync(draft, file)
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

/** A holder that was killed leaves its file; it is moved away by its name, so by one waiter. */
function removeWhenStale() {
  try {
    if (isAlive(Number(readFileSync(file, 'utf8'))) || Date.now() - statSync(file).mtimeMs < 1000) {
      return false
    }
    const aside = `${file}.stale-${process.pid}`
    renameSync(file, aside)
    rmSync(aside, { force: true })
    return true
  } catch {
    return false
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}
