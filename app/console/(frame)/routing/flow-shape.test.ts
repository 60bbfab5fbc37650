import { describe, expect, it } from 'vitest'
import { shapeFlow } from './flow-shape'

const node = (id: string, requests = 1) => ({ id, name: id, requests, inFlight: 0 })
const flow = (model: string, serverId: string, requests: number) => ({
  model,
  serverId,
  requests,
  inFlight: 0,
})

describe('the picture of traffic', () => {
  it('gives rows one height and centres the shorter column', () => {
    const { height, models, servers } = shapeFlow({
      models: [node('a')],
      servers: [node('1'), node('2'), node('3')],
      flows: [],
      otherRequests: 0,
    })
    expect(height).toBe(132)
    expect(models.map(({ y }) => y)).toEqual([66])
    expect(servers.map(({ y }) => y)).toEqual([22, 66, 110])
  })

  it('draws bands as wide as what flows, none invisible, and none across another of its node', () => {
    const { flows } = shapeFlow({
      models: [node('a'), node('b')],
      servers: [node('1'), node('2')],
      flows: [flow('a', '2', 1), flow('a', '1', 1000), flow('b', '1', 500)],
      otherRequests: 0,
    })
    const find = (model: string, server: string) =>
      flows.find((one) => one.model === model && one.serverId === server)
    expect(find('a', '1')?.width).toBe(18)
    expect(find('b', '1')?.width).toBe(9)
    expect(find('a', '2')?.width).toBe(1.5)
    expect(find('a', '1')?.from).toBeLessThan(find('a', '2')?.from ?? 0)
    expect(find('a', '1')?.to).toBeLessThan(find('b', '1')?.to ?? 0)
  })
})
