import { describe, expect, it } from 'vitest'
import { nameServer, readServerAddress } from './server-address'

describe('readServerAddress', () => {
  it("takes a bare host for Ollama's port there", () => {
    expect(readServerAddress('10.0.0.7')).toBe('http://10.0.0.7:11434')
    expect(readServerAddress(' gpu-2.lan ')).toBe('http://gpu-2.lan:11434')
    expect(readServerAddress('gpu-2:8080')).toBe('http://gpu-2:8080')
    expect(readServerAddress('gpu-2:80')).toBe('http://gpu-2')
    expect(readServerAddress('gpu-2/ollama/')).toBe('http://gpu-2:11434/ollama')
  })

  it('leaves a whole address as it is', () => {
    expect(readServerAddress('https://llm.example.org/base/')).toBe('https://llm.example.org/base')
    expect(readServerAddress('http://10.0.0.7:11434')).toBe('http://10.0.0.7:11434')
  })

  it('waits while it is no address', () => {
    for (const text of ['', '  ', 'a b', 'http://', 'ftp://x', 'http://[']) {
      expect(readServerAddress(text)).toBeNull()
    }
  })
})

it('names a server after its host', () => {
  expect(nameServer('http://127.0.0.1:11434')).toBe('local')
  expect(nameServer('http://gpu-2.lan:11434')).toBe('gpu-2')
  expect(nameServer('http://10.0.0.7:11434')).toBe('10.0.0.7')
})
