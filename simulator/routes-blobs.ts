import { createHash } from 'node:crypto'
import { Refusal } from './versions'
import type { Exchange } from './world'

const DIGEST = /^sha256[:-][0-9a-fA-F]{64}$/

/** `HEAD /api/blobs/:digest` */
export async function answerBlobHead(exchange: Exchange): Promise<void> {
  const digest = readDigest(exchange)
  if (!exchange.world.blobs.has(digest)) throw new Refusal(404, `blob "${digest}" not found`)
  await exchange.wire.body(200, [], '')
}

/** `POST /api/blobs/:digest`: a blob that is there is answered before the body is read. */
export async function answerBlobPost(exchange: Exchange): Promise<void> {
  const digest = readDigest(exchange)
  if (exchange.world.blobs.has(digest)) return exchange.wire.body(200, [], '')
  const found = `sha256:${await hashBody(exchange)}`
  if (found !== digest) {
    throw new Refusal(400, `digest mismatch, expected "${digest}", got "${found}"`)
  }
  exchange.world.blobs.add(digest)
  await exchange.wire.body(201, [], '')
}

function readDigest(exchange: Exchange): string {
  if (!DIGEST.test(exchange.parameter)) throw new Refusal(400, 'invalid digest format')
  return exchange.parameter.replace('-', ':').toLowerCase()
}

async function hashBody(exchange: Exchange): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of exchange.readChunks()) hash.update(chunk)
  return hash.digest('hex')
}
