import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { bundleOptions, programs } from './bundle-options.mjs'
import { compressStatic } from './compress-static.mjs'
import { digestOf } from './digest.mjs'
import { root } from './root.mjs'
import { mustRun } from './run-step.mjs'

const stamp = path.join(root, 'dist/.corral-build')
const generatedStamp = path.join(root, 'lib/db/generated/.corral-schema')

const sources = [
  'app',
  'cli',
  'components',
  'lib',
  'prisma',
  'scripts',
  'server',
  'simulator',
  'console.ts',
  'instrumentation.ts',
  'middleware.ts',
  'next.config.ts',
  'package-lock.json',
  'package.json',
  'server.ts',
  'tsconfig.json',
]

/**
 * Generates, bundles and builds when a source or the lock file changed since the last time. The
 * stamp goes first and comes back last: a build that was killed is made again. Nothing is fetched.
 */
export async function build() {
  const digest = digestOf(sources)
  if (isStamped(stamp, digest)) return
  rmSync(stamp, { force: true })
  await generate()
  console.error('Building…')
  await bundle(programs)
  await mustRun('Building the pages…', process.execPath, [nextCommand, 'build'], {
    env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
  })
  await compressStatic(path.join(root, '.next/static'))
  writeFileSync(stamp, digest)
}

export function isBuilt() {
  return isStamped(stamp, digestOf(sources))
}

function isStamped(file, digest) {
  return existsSync(file) && readFileSync(file, 'utf8') === digest
}

/** Both Prisma clients, where the schema or the packages are not those they were made of. */
export async function generate() {
  const digest = digestOf(['prisma', 'package-lock.json', 'scripts/generate-prisma-client.mjs'])
  if (isStamped(generatedStamp, digest)) return
  rmSync(generatedStamp, { force: true })
  await mustRun('Generating the database clients…', process.execPath, [
    path.join(root, 'scripts/generate-prisma-client.mjs'),
  ])
  writeFileSync(generatedStamp, digest)
}

/** Bundles each program under another name first, so that no half of one is ever started. */
export async function bundle(chosen) {
  const esbuild = await import('esbuild')
  const { buildDbWorker } = await import('./build-db-worker.mjs')
  const draft = path.join(root, `dist/.draft-${process.pid}`)
  mkdirSync(draft, { recursive: true })
  try {
    await esbuild.build({ ...bundleOptions, entryPoints: chosen, outdir: draft })
    await buildDbWorker({ outfile: path.join(draft, 'db-worker.mjs') })
    for (const file of readdirSync(draft)) {
      renameSync(path.join(draft, file), path.join(root, 'dist', file))
    }
  } finally {
    rmSync(draft, { recursive: true, force: true })
    // Its service would live as long as the server that this process becomes.
    await esbuild.stop()
  }
}

export const nextCommand = path.join(root, 'node_modules/next/dist/bin/next')
