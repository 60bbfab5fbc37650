import { setFlagsFromString } from 'node:v8'
import { parentPort, workerData } from 'node:worker_threads'
import type { Cellar } from './cellar'
import { crossError } from './cross-error'
import type { FunctionName } from './function-names'
import { functions } from './functions'
import type { Answer, Request, WorkerSettings } from './messages'
import { openCellar } from './open-cellar'

// Prisma's compiler of queries is WebAssembly. At Node 20's own budget V8 optimizes so much of it
// during each start that it is a fifth of what that costs; at ten times that, only what a server
// keeps asking for.
setFlagsFromString('--wasm-tiering-budget=18000000')

// The door that starts this worker gives exactly these settings.
const settings = workerData as WorkerSettings
let opened: Promise<Cellar> | null = null

parentPort?.on('message', (request: Request) => {
  answer(request).then((message) => parentPort?.postMessage(message))
})

async function answer(request: Request): Promise<Answer> {
  try {
    return { id: request.id, ok: true, value: await run(request) }
  } catch (error) {
    return { id: request.id, ok: false, error: crossError(error) }
  }
}

async function run(request: Request): Promise<unknown> {
  if (request.name === 'close') return closeCellar()
  const cellar = await takeCellar()
  if (request.name === 'open') return null
  return callFunction(cellar, request.name, request.args)
}

function callFunction(cellar: Cellar, name: FunctionName, args: unknown[]): Promise<unknown> {
  // The door is typed by the contract, so a name comes with that function's own arguments.
  const called = functions[name] as (cellar: Cellar, ...args: unknown[]) => Promise<unknown>
  return called(cellar, ...args)
}

function takeCellar(): Promise<Cellar> {
  opened ??= openCellar(settings).catch((error) => {
    opened = null
    throw error
  })
  return opened
}

async function closeCellar(): Promise<void> {
  const cellar = await opened
  opened = null
  await cellar?.close()
}
