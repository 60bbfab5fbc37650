import { execFile, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listSnippets, type SnippetId, snippetIds } from '@/lib/ui/snippets'
import { type Simulator, startSimulator } from '@/simulator/start-simulator'
import { startTestGateway, type TestGateway } from '@/tests/support/start-test-gateway'

const run = promisify(execFile)
const root = path.resolve(import.meta.dirname, '../..')
const hasCurl = spawnSync('curl', ['--version']).status === 0
const hasPython = spawnSync('python3', ['--version']).status === 0
const noPython = hasPython ? '' : ' (skipped: there is no python3; Debian: python3 python3-venv)'
const model = 'llama3.2:3b'

let ollama: Simulator
let corral: TestGateway
let key = ''
let folder = ''

beforeAll(async () => {
  ollama = await startSimulator({ models: [{ name: model, sizeBytes: 2_000_000_000 }] })
  corral = await startTestGateway({ backends: [ollama.url] })
  key = await corral.addKey({ name: 'snippets' })
  folder = await mkdtemp(path.join(tmpdir(), 'corral-snippets-'))
  await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'))
})
afterAll(async () => {
  await corral?.stop()
  await ollama?.stop()
  await rm(folder, { recursive: true, force: true })
})

describe.skipIf(!hasCurl)('curl', () => {
  test('the snippet runs in a shell exactly as shown', async () => {
    const { stdout } = await run('sh', ['-c', codeOf('curl')], { timeout: 30_000 })
    expect(JSON.parse(stdout).message.content).not.toBe('')
    await seen('chat', 'curl/')
  })
})

describe('JavaScript packages', () => {
  const packages = [
    ['ollama-js', 'chat', 'ollama-js/'],
    ['openai-js', 'openai_chat', 'OpenAI/JS'],
    ['anthropic-js', 'anthropic_messages', 'Anthropic/JS'],
    ['langchain', 'chat', 'ollama-js/'],
  ] as const
  for (const [id, operation, agent] of packages) {
    test(`${id} runs exactly as shown`, async () => {
      const file = path.join(folder, `${id}.mjs`)
      await writeFile(file, codeOf(id))
      const { stdout } = await run(process.execPath, [file], { timeout: 30_000 })
      expect(stdout.trim()).not.toMatch(/^(undefined)?$/)
      await seen(operation, agent)
    }, 40_000)
  }
})

describe.skipIf(!hasPython)(`Python packages${noPython}`, () => {
  let python = 'python3'
  beforeAll(async () => {
    python = await bringPython()
  }, 300_000)

  const packages = [
    ['ollama-python', 'chat', 'ollama-python/'],
    ['openai-python', 'openai_chat', 'OpenAI/Python'],
    ['anthropic-python', 'anthropic_messages', 'Anthropic/Python'],
  ] as const
  for (const [id, operation, agent] of packages) {
    test(`${id} runs exactly as shown`, async () => {
      const file = path.join(folder, `${id}.py`)
      await writeFile(file, codeOf(id))
      const { stdout } = await run(python, [file], { timeout: 60_000 })
      expect(stdout.trim()).not.toMatch(/^(None)?$/)
      await seen(operation, agent)
    }, 70_000)
  }
})

describe('what is pasted by hand', () => {
  test('every client of the dialog has a snippet with the address and the key', () => {
    const snippets = listSnippets({ url: corral.url, key, model })
    expect(snippets.map(({ id }) => id)).toEqual(snippetIds)
    for (const { code, note } of snippets) {
      expect(code).toContain(corral.url)
      expect(code).toContain(key)
      expect(note).not.toBe('')
    }
  })

  test('the address with the key in it is an Ollama: for Open WebUI, VS Code, the command line', async () => {
    for (const id of ['open-webui', 'vscode', 'ollama-cli', 'environment'] as const) {
      const base = /https?:\/\/[^\s"']+\/k\/\w+/.exec(codeOf(id))?.[0]
      const answer = await fetch(`${base}/api/tags`)
      expect((await answer.json()).models[0].name).toBe(model)
    }
  })

  test('quotes, dollars and line breaks in a name stay text of the language they stand in', async () => {
    const hostile = `it's "$HOME" \\ \`id\`\n$(id)`
    const snippets = listSnippets({ url: corral.url, key, model: hostile })
    const curl = snippets.find(({ id }) => id === 'curl')?.code ?? ''
    const { stdout } = await run('sh', ['-c', curl.replace(/^curl/, 'printf "%s\\0"')])
    const body = stdout.split('\0').at(-2) ?? ''
    expect(JSON.parse(body).model).toBe(hostile)
    const js = snippets.find(({ id }) => id === 'ollama-js')?.code ?? ''
    const literal = /model: ('.*'),/.exec(js)?.[1] ?? ''
    const { stdout: read } = await run(process.execPath, ['-p', literal])
    expect(read).toBe(`${hostile}\n`)
  })
})

function codeOf(id: SnippetId): string {
  const found = listSnippets({ url: corral.url, key, model }).find((one) => one.id === id)
  if (!found) throw new Error(`no snippet ${id}`)
  return found.code
}

let answered = 0

/** The gateway answered one more, under the key of the snippet. */
async function seen(operation: string, agent: string): Promise<void> {
  answered += 1
  await corral.records((records) => {
    const ok = records.filter(({ status, keyId }) => status === 200 && keyId !== null)
    return (
      ok.length >= answered &&
      ok.some(({ operation: name, userAgent }) => name === operation && userAgent?.includes(agent))
    )
  })
}

/** The python3 that has the packages already, else one of a folder of its own, made once. */
async function bringPython(): Promise<string> {
  const check = ['-c', 'import ollama, openai, anthropic']
  if (spawnSync('python3', check).status === 0) return 'python3'
  const home = path.join(tmpdir(), 'corral-python-clients')
  const python = path.join(home, 'bin/python3')
  if (existsSync(python) && spawnSync(python, check).status === 0) return python
  await rm(home, { recursive: true, force: true })
  await mkdir(home, { recursive: true })
  await run('python3', ['-m', 'venv', home], { timeout: 60_000 })
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check']
  await run(python, [...install, 'ollama', 'openai', 'anthropic'], { timeout: 240_000 })
  return python
}
