import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

export type SimulatorProcess = {
  url: string
  port: number
  /** The counts that its answers told their clients, and what it is doing. */
  state(): Promise<SimulatorState>
  order(order: object): Promise<void>
  signal(signal: NodeJS.Signals): void
  kill(): Promise<void>
}
export type SimulatorState = {
  requests: number
  inFlight: number
  tokens: { prompt: number; completion: number }
}

/** A simulated server that can be killed, or stopped with its sockets open, as a machine can. */
export async function startSimulatorProcess(
  program: string,
  args: string[] = [],
): Promise<SimulatorProcess> {
  const child = spawn(process.execPath, [program, '--port', '0', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  const lines = createInterface({ input: child.stdout })
  const [line] = (await once(lines, 'line')) as [string]
  const { url } = JSON.parse(line) as { url: string }
  return {
    url,
    port: Number(new URL(url).port),
    state: async () => (await (await fetch(`${url}/_simulator/state`)).json()) as SimulatorState,
    async order(order) {
      const response = await fetch(`${url}/_simulator/order`, {
        method: 'POST',
        body: JSON.stringify(order),
      })
      if (!response.ok) throw new Error(await response.text())
    },
    signal: (signal) => child.kill(signal),
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
  }
}
