import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { digestOf } from './digest.mjs'
import { root } from './root.mjs'
import { mustRun } from './run-step.mjs'

const stamp = path.join(root, 'node_modules/.corral-lock')

/**
 * Installs exactly what the lock file says, when node_modules is not already that. Development
 * packages too, whatever NODE_ENV says: they build the rest.
 */
export async function install() {
  if (isInstalled()) return
  const [command, ...args] = npmCommand()
  await mustRun(
    'Installing packages…',
    command,
    [...args, 'ci', '--include=dev', '--prefer-offline', '--no-audit', '--no-fund'],
    { env: { ...process.env, NODE_ENV: 'development' } },
  )
  writeFileSync(stamp, lockDigest())
}

export function isInstalled() {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === lockDigest()
}

function lockDigest() {
  return digestOf(['package-lock.json', 'package.json'], process.platform, process.arch)
}

// npm tells its scripts where it is; run by hand, it is the one beside this Node.
function npmCommand() {
  const told = process.env.npm_execpath
  if (told?.endsWith('npm-cli.js')) return [process.execPath, told]
  const beside = path.join(
    path.dirname(process.execPath),
    process.platform === 'win32' ? 'node_modules' : '../lib/node_modules',
    'npm/bin/npm-cli.js',
  )
  return existsSync(beside) ? [process.execPath, beside] : ['npm']
}
