import vm from 'node:vm'
import { type Cellar, transactionOptions } from '../cellar'
import { changeWithAudit } from '../change-with-audit'
import type { AuditEntry } from '../contract'
import type { CapturedContent, CaughtContent } from '../contract-duties'

/** A secret that the cut would go through is seen whole: so much more than is kept is looked at. */
const marginChars = 1000
const textMs = 50
const batchMs = 200
const mark = '[redacted]'

export async function storeCapturedContent(
  { prisma }: Cellar,
  batch: { items: CaughtContent[]; charsMax: number; redactions: string[] },
): Promise<{ withheld: number }> {
  const { charsMax } = batch
  const redact = createRedactor(batch.redactions)
  let withheld = 0
  const render = (bytes: Uint8Array | null, isCut: boolean) => {
    if (bytes === null) return { text: null, truncated: false }
    const raw = decode(bytes)
    const seen = cut(raw, charsMax + marginChars)
    const clean = redact(seen)
    if (clean === null) {
      withheld++
      return { text: null, truncated: true }
    }
    const text = cut(clean, charsMax)
    return { text, truncated: isCut || seen.length < raw.length || text.length < clean.length }
  }
  const rows = batch.items.map((item) => {
    const prompt = render(item.prompt, item.promptCut)
    const response = render(item.response, item.responseCut)
    return {
      recordId: item.recordId,
      atMs: item.atMs,
      prompt: prompt.text,
      response: response.text,
      promptTruncated: prompt.truncated,
      responseTruncated: response.truncated,
    }
  })
  await prisma.$transaction(async (tx) => {
    const ids = rows.map((row) => row.recordId)
    await tx.capturedContent.deleteMany({ where: { recordId: { in: ids } } })
    await tx.capturedContent.createMany({ data: rows })
  }, transactionOptions)
  return { withheld }
}

export async function hasCapturedContent({ prisma }: Cellar, recordId: string): Promise<boolean> {
  return (await prisma.capturedContent.count({ where: { recordId } })) > 0
}

export async function readCapturedContent(
  cellar: Cellar,
  recordId: string,
  audit: AuditEntry,
): Promise<CapturedContent | null> {
  const row = await cellar.prisma.capturedContent.findUnique({ where: { recordId } })
  if (row === null) return null
  return changeWithAudit(cellar, { raises: null, audit }, async () => ({
    result: { ...row, atMs: Number(row.atMs) },
    before: null,
    after: null,
  }))
}

export function pruneCapturedContent(
  { prisma }: Cellar,
  { olderThanMs, limit }: { olderThanMs: number; limit: number },
): Promise<number> {
  return prisma.$executeRaw`DELETE FROM captured_content WHERE record_id IN (
    SELECT record_id FROM captured_content WHERE at_ms < ${olderThanMs}
    ORDER BY at_ms LIMIT ${limit})`
}

/** Half a character at the cut is left out; PostgreSQL takes no NUL. */
function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes, { stream: true }).replaceAll('\0', '\uFFFD')
}

function cut(text: string, charsMax: number): string {
  if (text.length <= charsMax) return text
  const last = text.charCodeAt(charsMax - 1)
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? charsMax - 1 : charsMax)
}

/**
 * Patterns are people's, texts are strangers', and some pairs would take for ever: each text gets
 * 50 ms, a batch 200 ms. `node:vm` is what can end a regular expression from outside.
 */
function createRedactor(patterns: string[]): (text: string) => string | null {
  if (patterns.length === 0) return (text) => text
  const scope = vm.createContext({
    text: '',
    patterns: patterns.map((one) => new RegExp(one, 'g')),
  })
  const script = new vm.Script(
    `patterns.reduce((clean, one) => clean.replace(one, '${mark}'), text)`,
  )
  const deadlineMs = performance.now() + batchMs
  return (text) => {
    const timeout = Math.min(textMs, Math.floor(deadlineMs - performance.now()))
    if (timeout < 1) return null
    scope.text = text
    try {
      return String(script.runInContext(scope, { timeout }))
    } catch (error) {
      if (isTimeout(error)) return null
      throw error
    }
  }
}

/** Not `instanceof Error`: it may be an error of the other context. */
function isTimeout(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false
  return 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
}
