import { availableParallelism } from 'node:os'
import path from 'node:path'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Files that wait for minutes start first, so that they run beside all others. */
class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const isSlow = (file: TestSpecification) => file.moduleId.endsWith('.slow.test.ts')
    return [...sorted.filter(isSlow), ...sorted.filter((file) => !isSlow(file))]
  }
}

export default defineConfig({
  resolve: { alias: { '@': path.resolve(import.meta.dirname) } },
  test: {
    include: ['{lib,app,cli,simulator,tests,scripts,bench,seed}/**/*.test.ts', '*.test.ts'],
    globalSetup: ['tests/global-setup.ts'],
    sequence: { sequencer: SlowFirst },
    // The slow file waits for all of its cases at once, and takes no core.
    maxConcurrency: 10,
    maxWorkers: availableParallelism() + 2,
    testTimeout: 20_000,
    hookTimeout: 60_000,
    restoreMocks: true,
  },
})
