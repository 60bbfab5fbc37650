import { spawn } from 'node:child_process'
import path from 'node:path'
import { stopChild } from './measured-process'

const root = path.resolve(import.meta.dirname, '..')

type BenchBackend = { port: number; pid: number | undefined; stop(): Promise<void> }

/** The simulator in its bench mode, in a process of its own. */
export async function startBackend(): Promise<BenchBackend> {
  const args = ['--import', 'tsx', path.join(root, 'simulator/main.ts'), '--port', '0', '--bench']
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout.once('data', (line) => resolve(Number(new URL(JSON.parse(line).url).port)))
    child.once('exit', (code) => reject(new Error(`the backend ended with ${code}`)))
  })
  return { port, pid: child.pid, stop: () => stopChild(child) }
}
