import { spawn } from 'node:child_process'
import path from 'node:path'
import { build } from 'esbuild'
import { bundleOptions, programs } from '@/scripts/bundle-options.mjs'

const root = path.resolve(import.meta.dirname, '../..')
const outfile = path.join(root, 'node_modules/.cache/corral-tests/cli.mjs')

/** The command line as `npm start` builds it, in a place that is no product's. */
export async function buildCli(): Promise<string> {
  await build({ ...bundleOptions, entryPoints: [programs.cli], outfile })
  return outfile
}

export type Answer = { code: number | null; stdout: string; stderr: string }

type CliOptions = { folder: string; env?: Record<string, string>; stdin?: string }

/** The bundled command line as a process of its own, in `folder`. */
export function spawnCli(args: readonly string[], { folder, env }: CliOptions) {
  return spawn(process.execPath, [outfile, ...args], {
    cwd: folder,
    env: { ...process.env, CORRAL_DATA: path.join(folder, 'data'), ...env },
  })
}

/** Runs it to its end. */
export function runCli(args: readonly string[], options: CliOptions): Promise<Answer> {
  const child = spawnCli(args, options)
  const answer: Answer = { code: null, stdout: '', stderr: '' }
  child.stdout.on('data', (chunk) => {
    answer.stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    answer.stderr += chunk
  })
  child.stdin.end(options.stdin ?? '')
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ ...answer, code }))
  })
}
