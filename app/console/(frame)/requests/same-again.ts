import type { UsageRecord } from '@/lib/schemas/usage-record'

export type SameAgain = Pick<
  UsageRecord,
  'method' | 'path' | 'operation' | 'modelAsked' | 'stream' | 'numCtx' | 'keepAlive' | 'principal'
>

/**
 * The call as a curl line of a POSIX shell, with the key in `$CORRAL_KEY`. What was asked is not
 * kept: `prompt` is the whole body where it was captured, else a place to write one.
 */
export function renderSameAgain(call: SameAgain, host: string, prompt: string | null): string {
  const parts = [`curl ${quote(host + call.path)}`]
  if (call.method === 'HEAD') parts.push('-I')
  const isPlainPost = call.method === 'POST'
  if (!isPlainPost && call.method !== 'GET' && call.method !== 'HEAD') {
    parts.push(`-X ${quote(call.method)}`)
  }
  if (call.principal !== 'anonymous') parts.push('-H "Authorization: Bearer $CORRAL_KEY"')
  if (call.operation === 'openai_transcriptions') {
    parts.push(`-F ${quote(`model=${call.modelAsked ?? ''}`)}`, '-F file=@recording.wav')
  } else if (isPlainPost || call.method === 'DELETE') {
    parts.push("-H 'Content-Type: application/json'")
    parts.push(`-d ${quote(prompt ?? JSON.stringify(renderBody(call)))}`)
  }
  return parts.join(' \\\n  ')
}

const words = 'Write your prompt here'

function renderBody(call: SameAgain): object {
  const model = call.modelAsked ?? undefined
  const messages = [{ role: 'user', content: words }]
  const stream = call.stream ?? undefined
  switch (call.operation) {
    case 'chat':
      return { model, messages, stream, ...ollamaOptions(call) }
    case 'generate':
      return { model, prompt: words, stream, ...ollamaOptions(call) }
    case 'embed':
    case 'openai_embeddings':
      return { model, input: words }
    case 'embeddings':
      return { model, prompt: words }
    case 'openai_chat':
      return { model, messages, stream }
    case 'openai_completions':
      return { model, prompt: words, stream }
    case 'openai_responses':
      return { model, input: words, stream }
    case 'anthropic_messages':
      return { model, max_tokens: 1024, messages, stream }
    default:
      return { model }
  }
}

function ollamaOptions({ numCtx, keepAlive }: SameAgain): object {
  return {
    ...(numCtx !== null && { options: { num_ctx: numCtx } }),
    ...(keepAlive !== null && { keep_alive: keepAlive }),
  }
}

function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
