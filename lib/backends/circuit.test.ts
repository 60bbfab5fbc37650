import { describe, expect, test } from 'vitest'
import { type Circuit, createCircuit } from './circuit'
import { createModelCircuits } from './model-circuits'

const rules = () => ({ failures: 5, openMs: 30_000 })

function fail(circuit: Circuit, times: number, nowMs: number) {
  for (let i = 0; i < times; i++) circuit.report(circuit.take(nowMs), 'failure', nowMs)
}

describe('circuit of a backend', () => {
  test('five failures in a row open it, however far apart', () => {
    const circuit = createCircuit(rules)
    for (let i = 0; i < 4; i++) fail(circuit, 1, i * 600_000)
    expect(circuit.allows(2_400_000)).toBe(true)
    fail(circuit, 1, 2_400_000)
    expect(circuit.state(2_400_000)).toBe('open')
    expect(circuit.allows(2_400_000)).toBe(false)
  })

  test('five failures within a minute open it although others succeed', () => {
    const circuit = createCircuit(rules)
    for (let i = 0; i < 5; i++) {
      expect(circuit.allows(i * 1000)).toBe(true)
      circuit.report(circuit.take(i * 1000), 'success', i * 1000)
      fail(circuit, 1, i * 1000)
    }
    expect(circuit.state(5000)).toBe('open')
  })

  test('five failures over more than a minute with successes between leave it closed', () => {
    const circuit = createCircuit(rules)
    for (let i = 0; i < 20; i++) {
      fail(circuit, 1, i * 16_000)
      circuit.report(circuit.take(i * 16_000), 'success', i * 16_000)
    }
    expect(circuit.state(400_000)).toBe('closed')
  })

  test('a hundred clients that hang up never open it', () => {
    const circuit = createCircuit(rules)
    for (let i = 0; i < 100; i++) circuit.report(circuit.take(i), 'nothing', i)
    expect(circuit.state(100)).toBe('closed')
  })

  test('half-open admits exactly one trial, and its success closes', () => {
    const circuit = createCircuit(rules)
    fail(circuit, 5, 0)
    expect(circuit.allows(29_999)).toBe(false)
    expect(circuit.state(30_000)).toBe('half-open')
    expect(circuit.allows(30_000)).toBe(true)
    const trial = circuit.take(30_000)
    expect(circuit.allows(30_000)).toBe(false)
    expect(circuit.take(30_000).trial).toBe(false)
    circuit.report(trial, 'success', 30_100)
    expect(circuit.state(30_100)).toBe('closed')
    expect(circuit.allows(30_100)).toBe(true)
  })

  test('a trial that fails opens it for the whole time again', () => {
    const circuit = createCircuit(rules)
    fail(circuit, 5, 0)
    circuit.report(circuit.take(30_000), 'failure', 31_000)
    expect(circuit.allows(60_999)).toBe(false)
    expect(circuit.allows(61_000)).toBe(true)
  })

  test('a trial whose client left makes room for the next at once', () => {
    const circuit = createCircuit(rules)
    fail(circuit, 5, 0)
    circuit.report(circuit.take(30_000), 'nothing', 30_010)
    expect(circuit.allows(30_010)).toBe(true)
  })

  test('a trial that never reports expires, and says nothing afterwards', () => {
    const circuit = createCircuit(rules)
    fail(circuit, 5, 0)
    const lost = circuit.take(30_000)
    expect(circuit.allows(59_999)).toBe(false)
    const next = circuit.take(60_000)
    expect(next.trial).toBe(true)
    circuit.report(lost, 'failure', 60_001)
    circuit.report(next, 'success', 60_002)
    expect(circuit.state(60_002)).toBe('closed')
  })

  test('attempts from before it opened neither close it nor open it again later', () => {
    const circuit = createCircuit(rules)
    const old = Array.from({ length: 20 }, () => circuit.take(0))
    fail(circuit, 5, 0)
    for (const ticket of old.slice(0, 10)) circuit.report(ticket, 'success', 10)
    expect(circuit.state(10)).toBe('open')
    circuit.report(circuit.take(30_000), 'success', 30_001)
    for (const ticket of old) circuit.report(ticket, 'failure', 30_002)
    expect(circuit.state(30_002)).toBe('closed')
  })

  test('an attempt that closed it may still fail in its stream, and that counts once', () => {
    const circuit = createCircuit(() => ({ failures: 1, openMs: 1000 }))
    fail(circuit, 1, 0)
    const after = circuit.report(circuit.take(1000), 'success', 1001)
    expect(circuit.state(1001)).toBe('closed')
    circuit.report(after, 'failure', 1002)
    expect(circuit.state(1002)).toBe('open')
  })
})

describe('circuits of models', () => {
  test('out of memory leaves that model alone and no other', () => {
    const circuits = createModelCircuits(() => 30_000)
    circuits.report('big:latest', circuits.take('big:latest', 0), 'out_of_memory', 0)
    expect(circuits.allows('big:latest', 1)).toBe(false)
    expect(circuits.allows('small:latest', 1)).toBe(true)
    expect(circuits.allows('big:latest', 30_000)).toBe(true)
    circuits.report('big:latest', circuits.take('big:latest', 30_000), 'success', 30_001)
    expect(circuits.allows('big:latest', 30_001)).toBe(true)
  })

  test('endless model names take bounded room', () => {
    const circuits = createModelCircuits(() => 30_000)
    for (let i = 0; i < 10_000; i++) circuits.report(`m${i}`, null, 'out_of_memory', 0)
    const open = Array.from({ length: 10_000 }, (_, i) => circuits.allows(`m${i}`, 1))
    expect(open.filter((allows) => !allows)).toHaveLength(256)
    expect(circuits.allows('m9999', 1)).toBe(false)
  })
})
