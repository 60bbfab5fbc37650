import {
  linkSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { root } from './root.mjs'

const file = path.join(root, '.corral-lock')
const pollMs = 200
const touchMs = 5000
const silentMsMax = 60_000
const waitMsMax = 30 * 60_000
/** This process and what it started for the work: who of them lives, holds. */
const holders = []

/** Runs `work` while no other start or test of this folder installs or builds. */
export async function withLock(work) {
  await take()
  const release = () => rmSync(file, { force: true })
  process.once('exit', release)
  holders.push(process.pid)
  const timer = setInterval(() => utimesSync(file, new Date(), new Date()), touchMs)
  timer.unref()
  try {
    return await work()
  } finally {
    clearInterval(timer)
    process.off('exit', release)
    holders.length = 0
    release()
  }
}

/** A program started for the work may outlive a process that is killed: it holds the lock too. */
export function holdLockFor(pid) {
  if (holders.length === 0 || pid === undefined) return
  holders.push(pid)
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, holders.join(' '))
  renameSync(draft, file)
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

/** Holders that were killed leave their file; it is moved away by its name, so by one waiter. */
function removeWhenStale() {
  try {
    const silentMs = Date.now() - statSync(file).mtimeMs
    // The numbers of processes are used again: one that is alive and silent is somebody else.
    const live = readFileSync(file, 'utf8').split(' ').map(Number).some(isAlive)
    if (live && silentMs < silentMsMax) return false
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
