// Loaded with --import into a measured process: says over its channel what it has used so far,
// all of its threads added up. Where nobody asks, it does nothing.
import v8 from 'node:v8'
import vm from 'node:vm'
import { isMainThread } from 'node:worker_threads'

// Children of the measured process inherit this file, but not who asks.
if (isMainThread && process.send && process.env.BENCH_PID === String(process.ppid)) {
  v8.setFlagsFromString('--expose-gc')
  const collectGarbage = vm.runInNewContext('gc')
  process.on('message', (question) => {
    if (question?.kind !== 'gauge') return
    if (question.collect) for (let i = 0; i < 3; i++) collectGarbage()
    const { userCPUTime, systemCPUTime } = process.resourceUsage()
    const { rss } = process.memoryUsage()
    process.send({ id: question.id, cpuUs: userCPUTime + systemCPUTime, rssBytes: rss })
  })
  process.channel?.unref()
}
