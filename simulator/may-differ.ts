import type { Json } from './go-json'

/**
 * Everything in which the simulator's answer may differ from a recorded one. A field whose value
 * has the form given here is compared by its form; any other field must be equal, in value and in
 * place. What is not listed may not differ. Frames that are then equal to the frame before them
 * count once, since how many pieces of text there are is up to the model.
 */
export type MayDiffer = {
  field: string
  /** What the value must look like on both sides. */
  form: (value: Json) => boolean
  why: string
  /** Only in these recordings. */
  only?: string[]
}

const isText = (value: Json) => typeof value === 'string' && value !== ''
const isCount = (value: Json) => typeof value === 'number' && Number.isInteger(value) && value > 0
const isTime = (value: Json) =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/.test(value)
const matches = (pattern: RegExp) => (value: Json) =>
  typeof value === 'string' && pattern.test(value)
const isVector = (value: Json) =>
  Array.isArray(value) && value.length > 1 && value.every((number) => typeof number === 'number')

export const MAY_DIFFER: MayDiffer[] = [
  // Ids
  { field: 'id', form: matches(/^(chatcmpl|cmpl)-\d{1,3}$/), why: 'a number below 999' },
  { field: 'id', form: matches(/^(resp|msg|rs)_\d{1,6}$/), why: 'a number below 999,999' },
  { field: 'item_id', form: matches(/^(msg|rs)_\d{1,6}$/), why: 'a number below 999,999' },
  { field: 'id', form: matches(/^msg_[0-9a-f]{24}$/), why: 'twelve random bytes' },
  { field: 'id', form: matches(/^call_[a-z0-9]{8}$/), why: 'eight random letters' },
  { field: 'request_id', form: matches(/^req_[0-9a-f]{24}$/), why: 'twelve random bytes' },

  // Times
  { field: 'created_at', form: isTime, why: 'the time of the answer' },
  { field: 'created_at', form: isCount, why: 'the time of the answer' },
  { field: 'completed_at', form: isCount, why: 'the time of the answer' },
  {
    field: 'created',
    form: isCount,
    why: 'the time of the answer',
  },
  { field: 'expires_at', form: isTime, why: 'five minutes from the last use' },

  // Durations
  { field: 'total_duration', form: isCount, why: 'how long it took' },
  { field: 'load_duration', form: isCount, why: 'how long it took' },
  { field: 'prompt_eval_duration', form: isCount, why: 'how long it took' },
  { field: 'eval_duration', form: isCount, why: 'how long it took' },

  // What the model said, and what its tokenizer made of the prompt
  { field: 'content', form: isText, why: 'generated text' },
  { field: 'response', form: isText, why: 'generated text' },
  { field: 'text', form: isText, why: 'generated text' },
  { field: 'delta', form: isText, why: 'generated text' },
  { field: 'embedding', form: isVector, why: 'a vector of the same length' },
  { field: 'embedding', form: matches(/^[A-Za-z0-9+/]{43}=$/), why: 'eight floats in base64' },
  {
    field: 'embeddings',
    form: (value) => Array.isArray(value) && value.every(isVector),
    why: 'vectors of the same length',
  },
  { field: 'context', form: isVector, why: 'token numbers' },
  { field: 'token', form: isText, why: 'generated text' },
  { field: 'bytes', form: (value) => Array.isArray(value), why: 'generated text' },
  {
    field: 'logprob',
    form: (value) => typeof value === 'number' && value < 0,
    why: 'of generated text',
  },
  { field: 'prompt_eval_count', form: isCount, why: 'the tokenizer' },
  { field: 'prompt_tokens', form: isCount, why: 'the tokenizer' },
  { field: 'input_tokens', form: isCount, why: 'the tokenizer' },
  { field: 'total_tokens', form: isCount, why: 'the tokenizer' },
  {
    field: 'eval_count',
    form: isCount,
    only: ['chat-tools', 'chat-tools-stream', 'chat-schema-format'],
    why: 'how many tokens the model needs for the same call or object',
  },
  {
    field: 'completion_tokens',
    form: isCount,
    only: ['v1-chat-tools', 'v1-chat-tools-stream'],
    why: 'how many tokens the model needs for the same call',
  },
  {
    field: 'done_reason',
    form: (value) => value === 'stop' || value === 'length',
    only: ['chat-schema-format'],
    why: 'the recorded model did not close its object within the limit',
  },

  // Files and memory
  {
    field: 'size',
    form: isCount,
    only: ['ps-empty', 'ps-loaded'],
    why: 'the memory of a loaded model; the simulated one needs as much as on disk',
  },
  {
    field: 'size_vram',
    form: (value) => typeof value === 'number',
    only: ['ps-empty', 'ps-loaded'],
    why: 'the recorded machine had no GPU',
  },
  { field: 'digest', form: matches(/^sha256:[0-9a-f]{64}$/), why: 'layers are not real files' },
  {
    field: 'status',
    form: matches(/^(pulling|pushing) [0-9a-f]{12}$/),
    why: 'layers are not real files',
  },
  {
    field: 'status',
    form: matches(/^(using existing|creating new) layer sha256:[0-9a-f]{64}$/),
    why: 'layers are not real files',
  },
  { field: 'total', form: isCount, why: 'layers are not real files' },
  { field: 'completed', form: isCount, why: 'how far a download had come' },
  {
    field: 'modelfile',
    form: matches(
      /\nFROM \/var\/mod(el)?\/blobs\/sha256-[0-9a-f]{64}\nTEMPLATE """[^"]+(?:"[^"]+)*"""\nPARAMETER /,
    ),
    why: 'the path of a layer that is no real file',
  },
  {
    field: 'parent_model',
    form: matches(/^\/var\/model\/blobs\/sha256-[0-9a-f]{64}$/),
    why: 'the path of a layer that is no real file',
  },
  {
    field: 'parameters',
    form: (value) => typeof value === 'string' && value.split('\n').length === 4,
    only: ['show', 'show-by-name'],
    why: 'the older version lists them in random order; the lines are compared sorted',
  },
  {
    field: 'tensors',
    form: (value) => Array.isArray(value) && value.length > 100,
    why: 'no real weights',
  },
  { field: 'general.basename', form: isText, why: 'no real weights' },
]
