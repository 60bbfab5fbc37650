import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { errorCodes } from '@/lib/core/errors'
import { errorGuide } from '@/lib/schemas/error-guide'
import { renderErrorGuide } from './render-error-guide'

const page = readFileSync('docs/failure-modes.md', 'utf8')

test('pages show what docs/failure-modes.md says; "npm run docs:errors" writes it', () => {
  const rendered = renderErrorGuide(page)
  const json = rendered.slice(rendered.indexOf('>> = ') + '>> = '.length)
  expect(errorGuide).toEqual(JSON.parse(json))
})

test('every code has its words and what to check', () => {
  for (const code of errorCodes) {
    const entry = errorGuide[code]
    expect(entry?.says, code).toBeTruthy()
    expect(entry?.means, code).toBeTruthy()
    expect(entry?.check, code).toBeTruthy()
  }
})
