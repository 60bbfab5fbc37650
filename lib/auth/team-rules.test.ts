import { describe, expect, it } from 'vitest'
import { compileModelRules } from '@/lib/core/model-rules'
import type { ModelRules, RateLimit } from '@/lib/schemas/entities'
import { mostGenerousLimit, narrowToTeams } from './team-rules'

const team = (models: Partial<ModelRules>, rateLimit: RateLimit | null = null) => ({
  models: { allow: ['*'], deny: [], ...models },
  rateLimit,
})
const may = (key: Partial<ModelRules>, teams: ReturnType<typeof team>[], model: string) =>
  compileModelRules(narrowToTeams({ allow: ['*'], deny: [], ...key }, teams))(model)

describe('narrowToTeams', () => {
  it('leaves a key as it is where its owner is in no team', () => {
    expect(may({ allow: ['a*'] }, [], 'a:latest')).toBe(true)
    expect(may({ allow: ['a*'] }, [], 'b:latest')).toBe(false)
  })

  it('allows what both the key and one of the teams allow', () => {
    const teams = [team({ allow: ['a*'] }), team({ allow: ['b*'] })]
    expect(may({}, teams, 'a:latest')).toBe(true)
    expect(may({}, teams, 'b:latest')).toBe(true)
    expect(may({}, teams, 'c:latest')).toBe(false)
    expect(may({ allow: ['b*', 'c*'] }, teams, 'c:latest')).toBe(false)
    expect(may({ allow: ['b*', 'c*'] }, teams, 'a:latest')).toBe(false)
    expect(may({ allow: ['b*', 'c*'] }, teams, 'b:latest')).toBe(true)
  })

  it('denies what one team denies, whatever the others allow', () => {
    const teams = [team({ deny: ['secret*'] }), team({ allow: ['*'] })]
    expect(may({}, teams, 'secret:latest')).toBe(false)
    expect(may({}, teams, 'open:latest')).toBe(true)
  })

  it('allows nothing where no team allows anything', () => {
    expect(may({}, [team({ allow: [] })], 'a:latest')).toBe(false)
  })
})

describe('mostGenerousLimit', () => {
  it('takes the most requests a second, and no limit before all', () => {
    const slow = team({}, { requests: 10, windowSeconds: 60 })
    const fast = team({}, { requests: 5, windowSeconds: 1 })
    const free = team({}, { requests: 0, windowSeconds: 60 })
    expect(mostGenerousLimit([slow, fast])).toEqual(fast.rateLimit)
    expect(mostGenerousLimit([free, fast])).toEqual(free.rateLimit)
    expect(mostGenerousLimit([team({}), slow])).toEqual(slow.rateLimit)
    expect(mostGenerousLimit([team({})])).toBeNull()
    expect(mostGenerousLimit([])).toBeNull()
  })
})
