/**
 * State that exists once in a process. Next gives route handlers and instrumentation a copy of
 * every module each, so what must be one lives on globalThis, under one symbol.
 */
export function processState<T>(name: string, make: () => T): T {
  const states = statesOnGlobal()
  if (!states.has(name)) states.set(name, make())
  // The map holds under a name only what that name's `make` gave.
  return states.get(name) as T
}

function statesOnGlobal(): Map<string, unknown> {
  const holder = globalThis as { [key: symbol]: Map<string, unknown> | undefined }
  const symbol = Symbol.for('corral.process-state')
  const states = holder[symbol] ?? new Map<string, unknown>()
  holder[symbol] = states
  return states
}
