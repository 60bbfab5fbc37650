export type Inline = { kind: 'text' | 'code' | 'strong'; text: string }
export type Block =
  | { kind: 'code'; language: string; text: string }
  | { kind: 'heading' | 'text'; parts: Inline[] }

/** Code blocks, headings, `code` and **strong** of an answer; all else stays the text it is. */
export function readBlocks(answer: string): Block[] {
  const blocks: Block[] = []
  let text: string[] = []
  let code: { fence: string; language: string; lines: string[] } | null = null
  const endText = () => {
    const whole = text.join('\n').replace(/^\n+|\s+$/g, '')
    if (whole !== '') blocks.push({ kind: 'text', parts: readInline(whole) })
    text = []
  }
  for (const line of answer.split('\n')) {
    if (code !== null) {
      if (
        line.trim().startsWith(code.fence) &&
        line.trim().replaceAll(code.fence[0] ?? '', '') === ''
      ) {
        blocks.push({ kind: 'code', language: code.language, text: code.lines.join('\n') })
        code = null
      } else code.lines.push(line)
      continue
    }
    const [, fence, language] = /^\s*(`{3,}|~{3,})\s*([\w+#.-]*)/.exec(line) ?? []
    const [, heading] = /^#{1,6}\s+(.+)$/.exec(line) ?? []
    if (fence !== undefined) {
      endText()
      code = { fence, language: language ?? '', lines: [] }
    } else if (heading !== undefined) {
      endText()
      blocks.push({ kind: 'heading', parts: readInline(heading) })
    } else text.push(line)
  }
  // While it streams, the last block has no end yet.
  if (code !== null)
    blocks.push({ kind: 'code', language: code.language, text: code.lines.join('\n') })
  endText()
  return blocks
}

function readInline(text: string): Inline[] {
  const parts: Inline[] = []
  let from = 0
  for (const match of text.matchAll(/`([^`\n]+)`|\*\*([^*\n]+)\*\*/g)) {
    if (match.index > from) parts.push({ kind: 'text', text: text.slice(from, match.index) })
    const [whole, code, strong] = match
    parts.push(
      code === undefined ? { kind: 'strong', text: strong ?? '' } : { kind: 'code', text: code },
    )
    from = match.index + whole.length
  }
  if (from < text.length) parts.push({ kind: 'text', text: text.slice(from) })
  return parts
}
