import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

/** The key that seals secrets at rest, made from CORRAL_SECRET. */
export type SealKey = Buffer

const version = 'v1'
const ivBytes = 12
const tagBytes = 16

export function deriveSealKey(secret: string): SealKey {
  return Buffer.from(hkdfSync('sha256', secret, 'corral', `seal ${version}`, 32))
}

/** The secret under which the console's session cookies are made. */
export function deriveSessionSecret(secret: string): string {
  return Buffer.from(hkdfSync('sha256', secret, 'corral', 'session v1', 32)).toString('hex')
}

/** Seals a secret with AES-256-GCM: `v1.` and base64url of nonce, tag and ciphertext. */
export function sealSecret(plain: string, key: SealKey): string {
  const iv = randomBytes(ivBytes)
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: tagBytes })
  const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
  return `${version}.${Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url')}`
}

/** Opens what sealSecret sealed; throws when it was sealed under another key or was changed. */
export function openSecret(sealed: string, key: SealKey): string {
  const [form, text = ''] = sealed.split('.')
  if (form !== version) throw new Error('A stored secret has a form that this version cannot read.')
  const bytes = Buffer.from(text, 'base64url')
  try {
    const iv = bytes.subarray(0, ivBytes)
    const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: tagBytes })
    decipher.setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes))
    const plain = [decipher.update(bytes.subarray(ivBytes + tagBytes)), decipher.final()]
    return Buffer.concat(plain).toString('utf8')
  } catch (cause) {
    throw new Error(
      'A stored secret cannot be opened: it was sealed under another CORRAL_SECRET. Set that one again, or enter the secret anew.',
      { cause },
    )
  }
}
