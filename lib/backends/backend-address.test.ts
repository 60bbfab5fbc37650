import { describe, expect, test } from 'vitest'
import { isCorralError } from '@/lib/core/errors'
import { parseBackendUrl } from './backend-address'
import { lookupBackend } from './backend-lookup'

function problemOf(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    if (isCorralError(error) && error.code === 'admin.invalid_input') return error.message
    throw error
  }
  return 'taken'
}

describe('the address of a backend', () => {
  test.each([
    ['http://gpu1:11434', 'http://gpu1:11434', ''],
    ['  https://gpu1.example.com/  ', 'https://gpu1.example.com', ''],
    ['HTTP://GPU1:80/Base//', 'http://gpu1', '/Base'],
    ['https://api.example.com/v1', 'https://api.example.com', ''],
    ['https://host/ollama/v1/', 'https://host', '/ollama'],
    ['http://10.0.0.7:11434', 'http://10.0.0.7:11434', ''],
    ['http://[::1]:11434', 'http://[::1]:11434', ''],
    ['http://127.0.0.1:1/k/op_x_y', 'http://127.0.0.1:1', '/k/op_x_y'],
  ])('%s is taken', (text, origin, basePath) => {
    expect(parseBackendUrl(text)).toEqual({ origin, basePath })
  })

  test.each([
    ['ftp://gpu1', 'must begin with http:// or https://'],
    ['gpu1:11434', 'must begin with http:// or https://'],
    ['javascript:alert(1)', 'must begin with http:// or https://'],
    ['', 'must begin with http:// or https://'],
    ['http://', 'is not a valid address'],
    ['http://a b', 'is not a valid address'],
    ['http://gpu1:99999', 'is not a valid address'],
    ['http://gpu1?x=1', 'must not have a query'],
    ['http://gpu1/#x', 'must not have a query'],
    ['http://user:hunter2@gpu1', 'no user or password'],
  ])('%s is refused in a sentence', (text, words) => {
    expect(problemOf(() => parseBackendUrl(text))).toContain(words)
  })

  test('a refusal does not repeat a secret', () => {
    for (const text of ['http://user:hunter2@gpu1', 'ftp://user:hunter2@gpu1']) {
      expect(problemOf(() => parseBackendUrl(text))).not.toContain('hunter2')
    }
  })

  test.each([
    '169.254.169.254',
    '169.254.0.1',
    '2852039166',
    '0xa9fea9fe',
    '0xa9.0xfe.0xa9.0xfe',
    '0251.0376.0251.0376',
    '169.254.43518',
    '[::ffff:169.254.169.254]',
    '[::ffff:a9fe:a9fe]',
    '[0:0:0:0:0:ffff:a9fe:a9fe]',
    '[64:ff9b::169.254.169.254]',
    '[::169.254.169.254]',
    '[2002:a9fe:a9fe::1]',
    '[fe80::1]',
    '[fd00:ec2::254]',
    '[fd00:0ec2:0:0::254]',
    '100.100.100.200',
    '168.63.129.16',
    'metadata.google.internal',
    'METADATA.google.internal.',
    '１６９.254.169.254',
  ])('metadata address %s is refused', (host) => {
    const problem = problemOf(() => parseBackendUrl(`http://${host}/latest`))
    expect(problem).toContain('metadata address')
  })

  test('a name that leads to a metadata address is refused when it is dialled', async () => {
    const code = await new Promise((resolve) => {
      lookupBackend('169.254.169.254', { all: true }, (error) => resolve(error?.code))
    })
    expect(code).toBe('EMETADATA')
    const found = await new Promise((resolve) => {
      lookupBackend('127.0.0.1', {}, (error, address) => resolve(error ?? address))
    })
    expect(found).toBe('127.0.0.1')
  })
})
