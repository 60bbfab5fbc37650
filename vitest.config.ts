import { availableParallelism } from 'node:os'
import path from 'node:path'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** What takes minutes; in this order. */
const longest = [
  '.slow.test.ts',
  'tests/house/start.test.ts',
  'tests/lessons/knobs.test.ts',
  'tests/gateway/model-jobs-survive.test.ts',
  'tests/lessons/processes.test.ts',
  'bench/bench.test.ts',
  'lib/db/open-database.test.ts',
  'lib/gateway/model-jobs.test.ts',
  'tests/console/snippets.test.ts',
  'tests/hostile/raw-http.test.ts',
  'tests/conformance/server-door.test.ts',
]

/** The longest start first: at the end of a run nothing would be beside them. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const rank = (file: TestSpecification) => {
      const place = longest.findIndex((end) => file.moduleId.endsWith(end))
      return place === -1 ? longest.length : place
    }
    return sorted.sort((one, other) => rank(one) - rank(other))
  }
}

export default defineConfig({
  resolve: { alias: { '@': path.resolve(import.meta.dirname) } },
  test: {
    globalSetup: ['tests/global-setup.ts'],
    sequence: { sequencer: LongestFirst },
    // The slow file waits for all of its cases at once, and takes no core.
    maxConcurrency: 10,
    // Most wait: for a second in which a change is in force, for a program's start.
    maxWorkers: availableParallelism() + 4,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    restoreMocks: true,
    projects: [
      {
        extends: true,
        test: {
          name: 'rooms',
          include: ['{lib,app,cli,simulator,scripts,seed}/**/*.test.ts'],
          // One process for many files: loading each room anew for each took a sixth of the time.
          isolate: false,
        },
      },
      {
        extends: true,
        test: { name: 'house', include: ['{tests,bench}/**/*.test.ts', '*.test.ts'] },
      },
    ],
  },
})
