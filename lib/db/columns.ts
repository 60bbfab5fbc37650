/** JSON text columns: only what this room wrote is read back, so it has the type it was given. */
export function parseColumn<T>(text: string): T {
  return JSON.parse(text) as T
}

export function parseNullableColumn<T>(text: string | null): T | null {
  return text === null ? null : parseColumn<T>(text)
}

export function renderNullableColumn(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value)
}

/** Undefined is what a sum over no rows has no column of. */
export function toMs(value: bigint | number | null | undefined): number | null {
  return value === null || value === undefined ? null : Number(value)
}

/** What a change leaves out stays as it is. */
export function ifGiven<T, U>(value: T | undefined, render: (value: T) => U): U | undefined {
  return value === undefined ? undefined : render(value)
}
