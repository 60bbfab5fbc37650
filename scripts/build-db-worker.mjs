// Bundles lib/db/worker.ts, the generated clients and the migrations into dist/db-worker.mjs.
// Packages stay outside: the drivers bring native files, and node_modules is there at run time.
import { rename } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { embedMigrations } from './embed-migrations.mjs'

const root = path.resolve(import.meta.dirname, '..')

/** @returns {Promise<string>} the path of the bundle */
export async function buildDbWorker({ outfile = path.join(root, 'dist/db-worker.mjs') } = {}) {
  await embedMigrations()
  // Under another name first: a program that starts meanwhile never reads half of it.
  const draft = `${outfile}.${process.pid}.draft`
  await build({
    entryPoints: [path.join(root, 'lib/db/worker.ts')],
    outfile: draft,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    packages: 'external',
    alias: { '@': root },
    logLevel: 'error',
    absWorkingDir: root,
  })
  await rename(draft, outfile)
  return outfile
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await buildDbWorker()
}
