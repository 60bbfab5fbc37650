/** The clients that the Connect dialog has snippets for, and `sdk` words for the rest. */
export type KnownClient =
  | 'curl'
  | 'ollama-cli'
  | 'ollama-js'
  | 'ollama-python'
  | 'openai-js'
  | 'openai-python'
  | 'anthropic-js'
  | 'anthropic-python'
  | 'langchain'
  | 'open-webui'
  | 'continue'
  | 'vscode'

export const clientNames: Record<KnownClient, string> = {
  curl: 'curl',
  'ollama-cli': 'the ollama command line',
  'ollama-js': 'ollama-js',
  'ollama-python': 'ollama-python',
  'openai-js': 'the OpenAI package',
  'openai-python': 'the OpenAI package for Python',
  'anthropic-js': 'the Anthropic package',
  'anthropic-python': 'the Anthropic package for Python',
  langchain: 'LangChain',
  'open-webui': 'Open WebUI',
  continue: 'Continue',
  vscode: 'VS Code',
}

/** Which client sent a call, by its user agent; null where that does not tell. */
export function recogniseClient(userAgent: string | null): KnownClient | null {
  if (userAgent === null) return null
  return marks.find(([mark]) => mark.test(userAgent))?.[1] ?? null
}

// In this order: LangChain and Continue call through packages that name themselves, too.
const marks: readonly [RegExp, KnownClient][] = [
  [/langchain/i, 'langchain'],
  [/open-?webui/i, 'open-webui'],
  [/\bcontinue\//i, 'continue'],
  [/GitHubCopilotChat|vscode/i, 'vscode'],
  [/ollama-js\//i, 'ollama-js'],
  [/ollama-python\//i, 'ollama-python'],
  [/^ollama\//i, 'ollama-cli'],
  [/OpenAI\/Python/i, 'openai-python'],
  [/OpenAI\/JS/i, 'openai-js'],
  [/Anthropic\/Python/i, 'anthropic-python'],
  [/Anthropic\/JS/i, 'anthropic-js'],
  [/^curl\//i, 'curl'],
  // Open WebUI calls Ollama through aiohttp and says no more than that.
  [/\baiohttp\//i, 'open-webui'],
]
