// Bundles lib/db/worker.ts, the generated clients and the migrations into dist/db-worker.mjs.
import { rename } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { bundleOptions } from './bundle-options.mjs'
import { embedMigrations } from './embed-migrations.mjs'
import { root } from './root.mjs'

/** @returns {Promise<string>} the path of the bundle */
export async function buildDbWorker({ outfile = path.join(root, 'dist/db-worker.mjs') } = {}) {
  await embedMigrations()
  // Under another name first: a program that starts meanwhile never reads half of it.
  const draft = `${outfile}.${process.pid}.draft`
  await build({
    ...bundleOptions,
    entryPoints: [path.join(root, 'lib/db/worker.ts')],
    outfile: draft,
  })
  await rename(draft, outfile)
  return outfile
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await buildDbWorker()
}
