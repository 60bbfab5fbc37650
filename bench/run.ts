import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { startBackend } from './backend-process'
import {
  type Contestant,
  type ContestantName,
  listContestants,
  startContestant,
} from './contestants'
import { type Load, startLoad } from './load-process'
import { renderReport } from './render-report'
import {
  measureChunks,
  measureLatency,
  measureMany,
  measureRequests,
  type Plan,
  type Sample,
  warmUp,
} from './rounds'

const usage = `npm run bench -- [--quick] [--only direct,bare,server]
  --quick  a few seconds, to see that it works: its numbers say nothing
  --only   these alone, of direct, nginx, bare, server, next`

const whole: Plan = {
  starts: 4,
  rounds: 3,
  warmUpRequests: 12_000,
  warmUpMsMax: 8000,
  requestsMs: 1000,
  settleMs: 1500,
  connections: 32,
  latencyMs: 1000,
  latencyTurns: 4,
  chunkStreams: 100,
  chunkFlushMs: 20,
  chunksMs: 2500,
  rampMs: 500,
  manyRounds: 6,
  manyWarmUpRequests: 2000,
  manyStreams: 1000,
  manyFlushMs: 100,
  manyMs: 5000,
}
const quick: Plan = {
  ...whole,
  starts: 1,
  rounds: 1,
  warmUpRequests: 300,
  warmUpMsMax: 500,
  requestsMs: 300,
  settleMs: 100,
  latencyMs: 200,
  latencyTurns: 1,
  chunkStreams: 20,
  chunksMs: 400,
  rampMs: 100,
  manyRounds: 1,
  manyWarmUpRequests: 100,
  manyStreams: 50,
  manyMs: 500,
}

type Run = {
  plan: Plan
  names: ContestantName[]
  load: Load
  backendPort: number
  folder: string
  samples: Map<ContestantName, Sample[]>
}

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean' },
    only: { type: 'string' },
    help: { type: 'boolean' },
  },
})
if (values.help) console.log(usage)
else await main()

async function main(): Promise<void> {
  const startedMs = performance.now()
  const plan = values.quick ? quick : whole
  const only = values.only?.split(',')
  const names = listContestants().filter((name) => !only || only.includes(name))
  const folder = mkdtempSync(path.join(tmpdir(), 'corral-bench-'))
  const backend = await startBackend()
  const load = startLoad()
  const run: Run = {
    plan,
    names,
    load,
    backendPort: backend.port,
    folder,
    samples: new Map(names.map((name) => [name, []])),
  }
  try {
    await measureSmall(run)
    await measureLarge(run)
  } finally {
    await Promise.all([load.stop(), backend.stop()])
    rmSync(folder, { recursive: true, force: true })
  }
  const { text, errors } = renderReport(run.samples, plan)
  console.log(text)
  console.log(`${((performance.now() - startedMs) / 1000).toFixed(0)} s`)
  if (errors > 0) process.exitCode = 1
}

/**
 * Requests, latency and chunks. What V8 makes of a program in one start is not what it makes in the
 * next, and a machine changes from second to second: so several starts, and short turns in each.
 */
async function measureSmall(run: Run): Promise<void> {
  const { starts, rounds } = run.plan
  for (let start = 0; start < starts; start++) {
    console.error(`Start ${start + 1} of ${starts}: requests, latency, chunks…`)
    const contestants = await startAll(run)
    try {
      await inTurn(run, contestants, warmUp)
      for (let round = 0; round < rounds; round++) {
        const order = round % 2 === 0 ? contestants : contestants.toReversed()
        await inTurn(run, order, measureRequests)
        for (let turn = 0; turn < run.plan.latencyTurns; turn++) {
          await inTurn(run, turn % 2 === 0 ? order : order.toReversed(), measureLatency)
        }
      }
      await inTurn(run, contestants, measureChunks)
    } finally {
      await Promise.all(contestants.map(({ process }) => process?.stop()))
    }
  }
}

/** Memory is only told from a fresh process: a used one has room left from earlier. */
async function measureLarge(run: Run): Promise<void> {
  for (let round = 0; round < run.plan.manyRounds; round++) {
    console.error(`Round ${round + 1} of ${run.plan.manyRounds}: ${run.plan.manyStreams} streams…`)
    for (const name of run.names) {
      const contestant = await startOne(run, name)
      try {
        await inTurn(run, [contestant], measureMany)
      } finally {
        await contestant.process?.stop()
      }
    }
  }
}

async function startAll(run: Run): Promise<Contestant[]> {
  const contestants: Contestant[] = []
  for (const name of run.names) contestants.push(await startOne(run, name))
  return contestants
}

function startOne(run: Run, name: ContestantName): Promise<Contestant> {
  const folder = mkdtempSync(path.join(run.folder, `${name}-`))
  return startContestant(name, { backendPort: run.backendPort, folder })
}

async function inTurn(
  run: Run,
  contestants: readonly Contestant[],
  measure: (load: Load, contestant: Contestant, plan: Plan) => Promise<Sample>,
): Promise<void> {
  for (const contestant of contestants) {
    run.samples.get(contestant.name)?.push(await measure(run.load, contestant, run.plan))
  }
}
