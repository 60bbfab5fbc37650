import { StartError } from '@/lib/core/start-error'

const bytesMax = 64 * 1024

/** A secret from standard input: all of it, without the line end. Never on the command line. */
export async function readSecretFromStdin(what: string): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of process.stdin) {
    const data = Buffer.from(chunk)
    bytes += data.length
    if (bytes > bytesMax) throw new StartError(`The ${what} on standard input is too long.`)
    chunks.push(data)
  }
  const text = Buffer.concat(chunks)
    .toString('utf8')
    .replace(/\r?\n$/, '')
  if (text === '') throw new StartError(`Expected the ${what} on standard input.`)
  return text
}
