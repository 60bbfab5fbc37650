import type { Snippet } from '@/components/snippets/snippets'
import { firstPrompt } from './send-first-request'

/** The first request from a program of one's own. */
export function firstSnippets({
  origin,
  key,
  model,
}: {
  origin: string
  key: string
  model: string
}): Snippet[] {
  const body = JSON.stringify({ model, messages: [{ role: 'user', content: firstPrompt }] })
  return [
    {
      id: 'curl',
      label: 'curl',
      code: [
        `curl ${origin}/api/chat \\`,
        `  -H 'Authorization: Bearer ${key}' \\`,
        `  -d '${body.replaceAll("'", `'\\''`)}'`,
      ].join('\n'),
    },
    {
      id: 'openai-python',
      label: 'OpenAI Python',
      code: [
        'from openai import OpenAI',
        '',
        `client = OpenAI(base_url=${JSON.stringify(`${origin}/v1`)}, api_key=${JSON.stringify(key)})`,
        'answer = client.chat.completions.create(',
        `    model=${JSON.stringify(model)},`,
        `    messages=[{"role": "user", "content": ${JSON.stringify(firstPrompt)}}],`,
        ')',
        'print(answer.choices[0].message.content)',
      ].join('\n'),
    },
    {
      id: 'ollama-js',
      label: 'ollama-js',
      code: [
        "import { Ollama } from 'ollama'",
        '',
        'const ollama = new Ollama({',
        `  host: ${JSON.stringify(origin)},`,
        `  headers: { Authorization: ${JSON.stringify(`Bearer ${key}`)} },`,
        '})',
        'const { message } = await ollama.chat({',
        `  model: ${JSON.stringify(model)},`,
        `  messages: [{ role: 'user', content: ${JSON.stringify(firstPrompt)} }],`,
        '})',
        'console.log(message.content)',
      ].join('\n'),
    },
  ]
}
