// `npm test`: every check there is, on a fresh clone too. The last line counts them all.
import { randomUUID } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { checkNode } from './check-node.mjs'
import { findChromium } from './find-chromium.mjs'

checkNode()
const { prepare } = await import('./prepare.mjs')
const { root } = await import('./root.mjs')
const { runStep } = await import('./run-step.mjs')

const isCi = process.env.CI === 'true'
const filters = process.argv.slice(2)
const folder = mkdtempSync(path.join(tmpdir(), 'corral-test-'))
const totals = { passed: 0, failed: 0, skipped: 0 }

await prepare()
try {
  // Its cases wait for 400 s and take no core: it runs beside all others, and is told at the end.
  const slow = filters.length === 0 ? runVitest(['.slow.test.ts'], { quiet: true }) : null
  const rest = runVitest(slow ? ['--exclude', '**/*.slow.test.ts'] : filters)
  await Promise.all([countChecks(), rest.then(countVitest)])
  await countPlaywright()
  if (slow) await slow.then(countVitest)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

if (isCi && totals.skipped > 0) {
  console.log(`CI=true: ${totals.skipped} skipped tests count as failed.`)
  totals.failed += totals.skipped
}
if (!isCi && totals.skipped > 0) console.log(`${totals.skipped} tests were skipped.`)
console.log(`${totals.passed} passed, ${totals.failed} failed`)
process.exitCode = totals.failed > 0 ? 1 : 0

/** One after the other: beside tests that wait, one core is enough for them. */
async function countChecks() {
  await countStep('import law', 'dependency-cruiser/bin/dependency-cruise.mjs', [
    ...['--config', '.dependency-cruiser.cjs', '--output-type', 'err', '.'],
  ])
  await countStep('style', '@biomejs/biome/bin/biome', ['check', '.'])
  await countStep('types', 'typescript-native/bin/tsc', ['--noEmit'])
}

async function countStep(name, program, args) {
  const run = await runTool(program, args, { quiet: true })
  if (run.code === 0) totals.passed++
  else totals.failed++
  console.log(run.code === 0 ? `ok      ${name}` : `FAILED  ${name}\n${run.output}`)
}

async function runVitest(args, options) {
  const report = path.join(folder, `vitest-${randomUUID()}.json`)
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  // As with journeys: what passes only the second time is told.
  const retry = isCi ? ['--retry=1'] : []
  const run = await runTool('vitest/vitest.mjs', ['run', ...retry, ...reporters, ...args], options)
  return { ...run, counted: readReport(report) }
}

function countVitest({ code, output, counted }) {
  if (output) console.error(output)
  if (!counted) return fail('vitest made no report')
  totals.passed += counted.numPassedTests
  totals.failed += counted.numFailedTests
  totals.skipped += counted.numPendingTests + counted.numTodoTests
  for (const name of listSecondTries(counted)) console.log(`passed only the second time: ${name}`)
  // A file that fails outside its tests, or an unhandled rejection, is in no test's count.
  if (code !== 0 && counted.numFailedTests === 0) fail('vitest failed outside the tests')
}

/** A test that passed keeps what failed before. */
function listSecondTries({ testResults }) {
  return testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status, failureMessages }) => status === 'passed' && failureMessages.length > 0)
    .map(({ fullName }) => fullName)
}

async function countPlaywright() {
  const journeys = path.join(root, 'e2e')
  if (!existsSync(journeys) || !readdirSync(journeys).some((name) => name.endsWith('.spec.ts')))
    return
  if (!findChromium()) {
    console.log(
      'skipped browser tests: no Chromium. Debian: apt-get install chromium-headless-shell',
    )
    totals.skipped++
    return
  }
  const report = path.join(folder, 'playwright.json')
  const run = await runTool('@playwright/test/cli.js', ['test', '--reporter=list,json'], {
    env: { ...process.env, PLAYWRIGHT_JSON_OUTPUT_FILE: report },
  })
  const counted = readReport(report)?.stats
  if (!counted) return fail('Playwright made no report')
  totals.passed += counted.expected + counted.flaky
  totals.failed += counted.unexpected
  totals.skipped += counted.skipped
  if (counted.flaky > 0) console.log(`${counted.flaky} journeys passed only the second time.`)
  if (run.code !== 0 && counted.unexpected === 0) fail('Playwright failed outside the tests')
}

function runTool(program, args, options = {}) {
  const file = path.join(root, 'node_modules', program)
  return runStep(process.execPath, [file, ...args], {
    ...options,
    env: { ...(options.env ?? process.env), NODE_ENV: 'test' },
  })
}

function readReport(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null
}

function fail(what) {
  totals.failed++
  console.log(`FAILED  ${what}`)
}
