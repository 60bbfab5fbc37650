export type SnippetTarget = {
  /** Where clients reach the gateway, without a slash at its end: `http://10.0.0.5:8080`. */
  url: string
  /** A whole key, or what stands in its place. */
  key: string
  model: string
}

export const snippetIds = [
  'curl',
  'ollama-cli',
  'ollama-js',
  'ollama-python',
  'openai-js',
  'openai-python',
  'anthropic-js',
  'anthropic-python',
  'langchain',
  'open-webui',
  'continue',
  'cursor',
  'vscode',
  'environment',
] as const
export type SnippetId = (typeof snippetIds)[number]

export type ClientSnippet = {
  id: SnippetId
  label: string
  code: string
  /** Where it goes, and what to watch for. */
  note: string
}

const question = 'Why is the sky blue?'

/** What to paste into each client. Every one is whole: it runs, or is saved, as it stands. */
export function listSnippets(target: SnippetTarget): ClientSnippet[] {
  return snippetIds.map((id) => ({ id, ...write[id](target) }))
}

type Write = (target: SnippetTarget) => Omit<ClientSnippet, 'id'>

const write: Record<SnippetId, Write> = {
  curl: ({ url, key, model }) => ({
    label: 'curl',
    code: lines(
      `curl ${shell(`${url}/api/chat`)} \\`,
      `  -H ${shell(`Authorization: Bearer ${key}`)} \\`,
      `  -d ${shell(
        lines(
          '{',
          `  "model": ${JSON.stringify(model)},`,
          `  "messages": [{ "role": "user", "content": ${JSON.stringify(question)} }],`,
          '  "stream": false',
          '}',
        ),
      )}`,
    ),
    note: 'For a POSIX shell. Every path of Ollama, /v1 of OpenAI and /v1/messages of Anthropic are there.',
  }),
  'ollama-cli': ({ url, key, model }) => ({
    label: 'ollama CLI',
    code: `OLLAMA_HOST=${shell(`${url}/k/${key}`)} ollama run ${shell(model)}`,
    note: 'The command line knows only an address, so the key stands in it. list, ps, show and pull work too.',
  }),
  'ollama-js': ({ url, key, model }) => ({
    label: 'ollama-js',
    code: lines(
      `import { Ollama } from 'ollama'`,
      '',
      'const ollama = new Ollama({',
      `  host: ${quoted(url)},`,
      `  headers: { Authorization: ${quoted(`Bearer ${key}`)} },`,
      '})',
      'const answer = await ollama.chat({',
      `  model: ${quoted(model)},`,
      `  messages: [{ role: 'user', content: ${quoted(question)} }],`,
      '})',
      'console.log(answer.message.content)',
    ),
    note: 'npm install ollama',
  }),
  'ollama-python': ({ url, key, model }) => ({
    label: 'ollama-python',
    code: lines(
      'from ollama import Client',
      '',
      'client = Client(',
      `    host=${quoted(url)},`,
      `    headers={'Authorization': ${quoted(`Bearer ${key}`)}},`,
      ')',
      'answer = client.chat(',
      `    model=${quoted(model)},`,
      `    messages=[{'role': 'user', 'content': ${quoted(question)}}],`,
      ')',
      'print(answer.message.content)',
    ),
    note: 'pip install ollama',
  }),
  'openai-js': ({ url, key, model }) => ({
    label: 'OpenAI JS',
    code: lines(
      `import OpenAI from 'openai'`,
      '',
      'const openai = new OpenAI({',
      `  baseURL: ${quoted(`${url}/v1`)},`,
      `  apiKey: ${quoted(key)},`,
      '})',
      'const answer = await openai.chat.completions.create({',
      `  model: ${quoted(model)},`,
      `  messages: [{ role: 'user', content: ${quoted(question)} }],`,
      '})',
      'console.log(answer.choices[0].message.content)',
    ),
    note: 'npm install openai. The address ends in /v1.',
  }),
  'openai-python': ({ url, key, model }) => ({
    label: 'OpenAI Python',
    code: lines(
      'from openai import OpenAI',
      '',
      'client = OpenAI(',
      `    base_url=${quoted(`${url}/v1`)},`,
      `    api_key=${quoted(key)},`,
      ')',
      'answer = client.chat.completions.create(',
      `    model=${quoted(model)},`,
      `    messages=[{'role': 'user', 'content': ${quoted(question)}}],`,
      ')',
      'print(answer.choices[0].message.content)',
    ),
    note: 'pip install openai. The address ends in /v1.',
  }),
  'anthropic-js': ({ url, key, model }) => ({
    label: 'Anthropic JS',
    code: lines(
      `import Anthropic from '@anthropic-ai/sdk'`,
      '',
      'const anthropic = new Anthropic({',
      `  baseURL: ${quoted(url)},`,
      `  apiKey: ${quoted(key)},`,
      '})',
      'const answer = await anthropic.messages.create({',
      `  model: ${quoted(model)},`,
      '  max_tokens: 500,',
      `  messages: [{ role: 'user', content: ${quoted(question)} }],`,
      '})',
      `console.log(answer.content.find(({ type }) => type === 'text')?.text)`,
    ),
    note: 'npm install @anthropic-ai/sdk. The address has no /v1.',
  }),
  'anthropic-python': ({ url, key, model }) => ({
    label: 'Anthropic Python',
    code: lines(
      'from anthropic import Anthropic',
      '',
      'client = Anthropic(',
      `    base_url=${quoted(url)},`,
      `    api_key=${quoted(key)},`,
      ')',
      'answer = client.messages.create(',
      `    model=${quoted(model)},`,
      '    max_tokens=500,',
      `    messages=[{'role': 'user', 'content': ${quoted(question)}}],`,
      ')',
      `print(next(part.text for part in answer.content if part.type == 'text'))`,
    ),
    note: 'pip install anthropic. The address has no /v1.',
  }),
  langchain: ({ url, key, model }) => ({
    label: 'LangChain',
    code: lines(
      `import { ChatOllama } from '@langchain/ollama'`,
      '',
      'const chat = new ChatOllama({',
      `  baseUrl: ${quoted(url)},`,
      `  headers: { Authorization: ${quoted(`Bearer ${key}`)} },`,
      `  model: ${quoted(model)},`,
      '})',
      `const answer = await chat.invoke(${quoted(question)})`,
      'console.log(answer.content)',
    ),
    note: 'npm install @langchain/ollama @langchain/core',
  }),
  'open-webui': ({ url, key }) => ({
    label: 'Open WebUI',
    code: `OLLAMA_BASE_URL=${shell(`${url}/k/${key}`)}`,
    note: `In its environment, before its first start. In a running one: Admin Panel, Settings, Connections, Ollama API: ${url}, Auth: Bearer, and the key.`,
  }),
  continue: ({ url, key, model }) => ({
    label: 'Continue',
    code: lines(
      'name: Corral',
      'version: 1.0.0',
      'schema: v1',
      'models:',
      `  - name: ${JSON.stringify(model)}`,
      '    provider: ollama',
      `    model: ${JSON.stringify(model)}`,
      `    apiBase: ${JSON.stringify(url)}`,
      `    apiKey: ${JSON.stringify(key)}`,
      '    roles: [chat, edit, apply]',
    ),
    note: 'In config.yaml.',
  }),
  cursor: ({ url, key }) => ({
    label: 'Cursor',
    code: lines(`Override OpenAI Base URL   ${url}/v1`, `OpenAI API Key             ${key}`),
    note: 'In Cursor Settings, Models, API Keys; add the model by its name. Cursor calls from its own servers: this address must be reachable from the internet.',
  }),
  vscode: ({ url, key }) => ({
    label: 'VS Code',
    code: lines(
      '{',
      `  "github.copilot.chat.byok.ollamaEndpoint": ${JSON.stringify(`${url}/k/${key}`)}`,
      '}',
    ),
    note: 'In settings.json; then Chat, Manage Models, Ollama.',
  }),
  environment: ({ url, key }) => ({
    label: 'Environment',
    code: lines(
      `export OLLAMA_HOST=${shell(`${url}/k/${key}`)}`,
      `export OPENAI_BASE_URL=${shell(`${url}/v1`)}`,
      `export OPENAI_API_KEY=${shell(key)}`,
      `export ANTHROPIC_BASE_URL=${shell(url)}`,
      `export ANTHROPIC_API_KEY=${shell(key)}`,
    ),
    note: 'For whatever reads it: the packages of Ollama, OpenAI and Anthropic need nothing else.',
  }),
}

function lines(...all: string[]): string {
  return all.join('\n')
}

/** A word of a POSIX shell; what is not plain stands in single quotes. */
function shell(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

/** A string that JavaScript and Python read alike, in single quotes. */
function quoted(text: string): string {
  const inside = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")
  return `'${inside}'`
}
