import { spawn } from 'node:child_process'
import { holdLockFor } from './lock.mjs'
import { root } from './root.mjs'

/**
 * Runs a program and gives its exit code and, when `quiet`, what it wrote; standard output of
 * noisy steps goes to standard error, since ours is the log of the server.
 */
export function runStep(command, args, { env = process.env, quiet = false, cwd = root } = {}) {
  return new Promise((resolve, reject) => {
    const stdio = quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 2, 2]
    const child = spawn(command, args, { cwd, env, stdio })
    holdLockFor(child.pid)
    let output = ''
    child.stdout?.on('data', (chunk) => {
      output += chunk
    })
    child.stderr?.on('data', (chunk) => {
      output += chunk
    })
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ code: signal ? 1 : code, output }))
  })
}

/** The same in quiet, throwing what the step wrote when it fails. */
export async function mustRun(told, command, args, options = {}) {
  console.error(told)
  const { code, output } = await runStep(command, args, { ...options, quiet: true })
  if (code !== 0) throw new Error(`${output.trim()}\n\n${told.replace(/…$/, '')} failed.`)
}
