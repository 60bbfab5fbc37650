import { describe, expect, it } from 'vitest'
import { settingDefinitions, settingNames } from '@/lib/schemas/settings'
import { settingGroups, settingWords } from '@/lib/ui/setting-words'
import { parseDraft } from './parse-draft'
import { commandOf, describeValue, draftOf } from './setting-draft'

describe('the settings in words', () => {
  it('every setting has a group on the page, and its default comes back from its control', () => {
    const groups = settingGroups.map(({ id }) => id)
    for (const name of settingNames) {
      const { group, default: standard } = settingDefinitions[name]
      expect(groups, name).toContain(group)
      expect(parseDraft(name, draftOf(name, standard)), name).toEqual({
        value: standard,
        problem: null,
      })
      expect(describeValue(name, standard), name).not.toBe('')
    }
  })

  it('no two settings of a group have the same title', () => {
    const titles = settingNames.map((name) => {
      return `${settingDefinitions[name].group} ${settingWords[name].title}`
    })
    expect(new Set(titles).size).toBe(titles.length)
  })

  it('numbers are asked for in the unit that people use, and stored in their own', () => {
    expect(draftOf('connectTimeoutMs', 1500)).toBe('1.5')
    expect(parseDraft('connectTimeoutMs', '0.25')).toEqual({ value: 250, problem: null })
    expect(draftOf('catalogueIntervalMs', 600_000)).toBe('10')
    expect(parseDraft('jsonBodyBytesMax', '0.5')).toEqual({ value: 524_288, problem: null })
    for (const bytes of [1025, 5000, 999_999_999]) {
      expect(parseDraft('jsonBodyBytesMax', draftOf('jsonBodyBytesMax', bytes))).toEqual({
        value: bytes,
        problem: null,
      })
    }
  })

  it.each([
    ['connectTimeoutMs', '0.01', 'At least 0.05 s.'],
    ['connectTimeoutMs', '601', 'At most 600 s.'],
    ['rateLimitRequests', '-1', 'At least 0 requests.'],
    ['rateLimitRequests', '1.5', 'A whole number.'],
    ['rateLimitRequests', 'many', '"many" is not a number.'],
    ['rateLimitRequests', '', 'A number is missing.'],
    ['connectTimeoutMs', '1.00001', 'This is finer than can be told apart.'],
    ['timezone', 'Mars/Base', 'Expected an IANA time zone, such as Europe/Berlin.'],
    ['brandTitle', '  ', 'Not to be left empty.'],
    ['brandTitle', 'x'.repeat(41), 'At most 40 characters.'],
    ['publicGatewayUrl', 'llm.test', 'Expected an http or https address.'],
    ['extraPaths', '/api/x\n/etc', '"/etc" is not a path under /api or /v1.'],
    ['captureRedactions', '(', '"(" is not a regular expression that matches some text.'],
    ['oidcDomains', 'example', '"example" is not a domain.'],
    ['oidcRoles', 'engineers', '"engineers" is not a line such as engineers = operator.'],
    ['oidcRoles', 'a = king', '"a": the roles are admin, operator, viewer and member.'],
  ] as const)('%s refuses "%s" in words: %s', (name, draft, problem) => {
    expect(parseDraft(name, draft)).toEqual({ problem })
  })

  it('a value is told in few words', () => {
    expect(describeValue('headersTimeoutMs', 0)).toBe('no limit')
    expect(describeValue('attemptsMax', 1)).toBe('1 attempt')
    expect(describeValue('corsOrigins', settingDefinitions.corsOrigins.default)).toBe('17 origins')
    expect(describeValue('jsonBodyBytesMax', 64 * 1024 ** 2)).toBe('64 MiB')
    expect(describeValue('oidcClientSecret', 'set')).toBe('set')
    expect(describeValue('whenNothingFits', 'largest')).toBe('Send it to the largest')
    expect(describeValue('oidcRoles', { engineers: 'operator' })).toBe('engineers = operator')
  })

  it('the command sets exactly the value', () => {
    expect(commandOf('connectTimeoutMs', 250)).toEqual([
      'settings',
      'set',
      'connectTimeoutMs',
      '250',
    ])
    expect(commandOf('extraPaths', ['/api/x'])[3]).toBe('["/api/x"]')
  })
})
