type Entry = { title: string; status: number; says: string; means: string; check: string }

/** lib/schemas/error-guide.ts from the text of docs/failure-modes.md: what pages show of an error. */
export function renderErrorGuide(page: string): string {
  const entries = Object.fromEntries(readEntries(page))
  return `// Generated from docs/failure-modes.md by "npm run docs:errors".

export type ErrorGuideEntry = {
  /** The part of docs/failure-modes.md that it stands in. */
  title: string
  status: number
  /** What the client reads; names in <angle brackets> are filled in. */
  says: string
  means: string
  check: string
}

/** Every code of \`lib/core/errors.ts\`; safe in a browser. */
export const errorGuide: Readonly<Record<string, ErrorGuideEntry>> = ${JSON.stringify(entries, null, 2)}
`
}

function readEntries(page: string): [string, Entry][] {
  const entries: [string, Entry][] = []
  let title = ''
  for (const part of page.split(/^(?=#{2,3} )/m)) {
    title = /^## (.+)$/m.exec(part)?.[1] ?? title
    const head = /^### `([\w.]+)` \((\d+)\)/.exec(part)
    if (head === null) continue
    const [, code = '', status] = head
    const paragraphs = part
      .split(/\n\n+/)
      .slice(1)
      .map(plainText)
      .filter((text) => text !== '')
    const check = paragraphs.filter((text) => text.startsWith('Check: '))
    const means = paragraphs.filter((text) => !text.startsWith('>') && !text.startsWith('Check: '))
    entries.push([
      code,
      {
        title,
        status: Number(status),
        says: (paragraphs.find((text) => text.startsWith('>')) ?? '').replace(/^> /, ''),
        means: means.join(' '),
        check: capitalized(check.join(' ').replace('Check: ', '')),
      },
    ])
  }
  return entries
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function plainText(paragraph: string): string {
  return paragraph
    .trim()
    .replace(/\s*\n(> )?/g, ' ')
    .replaceAll('\\<', '<')
}
