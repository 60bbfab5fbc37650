import { checkCapability, checkCompletes } from './check-ask'
import { lastTextOf, renderPrompt } from './conversation'
import { renderBase64Floats, shortenFloat } from './embedding'
import type { JsonObject } from './go-json'
import { type Ask, NOTHING_ASKED, runInference } from './inference'
import { createChatDialect, createCompletionDialect } from './openai-answers'
import { orRefuse, orRefuseAtTheDoor, readOpenAi, refuse, refuseAtTheDoor } from './openai-refusals'
import { parseOpenAiMessages, readOpenAiOptions, readOpenAiThink } from './openai-request'
import { type Fields, isObject, readFields } from './request-fields'
import { embedInputs } from './routes-embed'
import { getModel } from './routes-native'
import { Refusal } from './versions'
import type { Exchange } from './world'

/** `POST /v1/chat/completions` */
export async function answerOpenAiChat(exchange: Exchange): Promise<void> {
  const fields = await readOpenAi(exchange, 'openaiChat')
  if (!fields) return
  const list = fields.list('messages') ?? []
  if (list.length === 0) return refuseAtTheDoor(exchange, "[] is too short - 'messages'")
  const parsed = await orRefuseAtTheDoor(exchange, () => ({
    messages: parseOpenAiMessages(list),
    think: readOpenAiThink(fields),
  }))
  if (!parsed) return
  const { messages } = parsed
  const tools = (fields.list('tools') ?? []).filter(isObject)
  const modelName = fields.text('model')
  const stream = fields.flag('stream') === true
  const dialect = createChatDialect(exchange, {
    modelName,
    stream,
    includeUsage: wantsUsage(fields),
  })
  await orRefuse(dialect, async () => {
    if (modelName === '') throw new Refusal(400, 'model is required')
    const model = getModel(exchange, modelName)
    checkCompletes(model, { modelName, for: 'chat' })
    if (tools.length > 0) checkCapability(model, 'tools')
    const canThink = model.capabilities.includes('thinking')
    if (parsed.think === true && !canThink) {
      throw new Refusal(400, `"${modelName}" does not support thinking`)
    }
    const ask: Ask = {
      ...NOTHING_ASKED,
      modelName,
      model,
      stream,
      prompt: renderPrompt(messages, tools),
      lastUserText: lastTextOf(messages, 'user'),
      hasImages: messages.some((message) => message.hasImages),
      tools,
      hasToolResult: messages.at(-1)?.role === 'tool',
      format: readResponseFormat(fields),
      thinks: canThink && parsed.think !== false,
      options: readOpenAiOptions(fields),
      logprobs: fields.flag('logprobs') ? (fields.count('top_logprobs') ?? 0) : null,
    }
    await runInference(exchange, ask, dialect)
  })
}

/** `POST /v1/completions` */
export async function answerOpenAiCompletion(exchange: Exchange): Promise<void> {
  const fields = await readOpenAi(exchange, 'openaiCompletion')
  if (!fields) return
  const modelName = fields.text('model')
  const stream = fields.flag('stream') === true
  const prompt = fields.text('prompt')
  const dialect = createCompletionDialect(exchange, {
    modelName,
    stream,
    includeUsage: wantsUsage(fields),
  })
  await orRefuse(dialect, async () => {
    const model = getModel(exchange, modelName)
    checkCompletes(model, { modelName, for: 'generate' })
    if (fields.text('suffix')) checkCapability(model, 'insert')
    const messages = [{ role: 'user', content: prompt, hasImages: false }]
    await runInference(
      exchange,
      {
        ...NOTHING_ASKED,
        modelName,
        model,
        stream,
        prompt: renderPrompt(messages, []),
        lastUserText: prompt,
        options: readOpenAiOptions(fields),
      },
      dialect,
    )
  })
}

/** `POST /v1/embeddings` */
export async function answerOpenAiEmbeddings(exchange: Exchange): Promise<void> {
  const fields = await readOpenAi(exchange, 'openaiEmbed')
  if (!fields) return
  const format = fields.text('encoding_format').toLowerCase()
  if (!['', 'float', 'base64'].includes(format)) {
    return refuseAtTheDoor(
      exchange,
      `Invalid value for 'encoding_format' = ${fields.text('encoding_format')}. Supported values: ['float', 'base64'].`,
    )
  }
  const input = fields.value('input')
  const inputs = typeof input === 'string' ? [input] : Array.isArray(input) ? input : []
  if (inputs.length === 0) return refuseAtTheDoor(exchange, 'invalid input')
  await orRefuse({ refuse: (status, message) => refuse(exchange, status, message) }, async () => {
    const texts = inputs.filter((text): text is string => typeof text === 'string')
    if (texts.length < inputs.length) throw new Refusal(400, 'invalid input type')
    const modelName = fields.text('model')
    const result = await embedInputs(exchange, { modelName, inputs: texts, fields })
    await exchange.wire.json(
      200,
      {
        object: 'list',
        data: result.vectors.map((vector, index) => ({
          object: 'embedding',
          embedding: format === 'base64' ? renderBase64Floats(vector) : vector.map(shortenFloat),
          index,
        })),
        model: modelName,
        usage: { prompt_tokens: result.promptTokens, total_tokens: result.promptTokens },
      },
      'encoder',
    )
    exchange.world.tokens.prompt += result.promptTokens
  })
}

function wantsUsage(fields: Fields): boolean {
  const options = fields.object('stream_options')
  return options !== undefined && readFields(options).flag('include_usage') === true
}

function readResponseFormat(fields: Fields) {
  const format = fields.object('response_format')
  if (!format) return undefined
  const read = readFields(format)
  if (read.text('type') === 'json_object') return 'json'
  const schema: JsonObject | undefined = read.object('json_schema')
  return schema ? readFields(schema).value('schema') : undefined
}
