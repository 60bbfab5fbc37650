import path from 'node:path'
import { build } from 'esbuild'
import { bundleOptions, programs } from '@/scripts/bundle-options.mjs'

const root = path.resolve(import.meta.dirname, '../..')

export type Programs = { server: string; cli: string; simulator: string }

/**
 * The programs as `npm start` bundles them, of the sources as they are now, in a folder of this
 * test file: what stands in `dist/` may be older, or be made anew while a test runs.
 */
export async function buildPrograms(name: string): Promise<Programs> {
  const folder = path.join(root, 'node_modules/.cache/corral-tests', name)
  await build({ ...bundleOptions, entryPoints: programs, outdir: folder })
  const program = (file: string) => path.join(folder, file)
  return {
    server: program('server.mjs'),
    cli: program('cli.mjs'),
    simulator: program('simulator.mjs'),
  }
}
