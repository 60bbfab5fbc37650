import type { z } from 'zod'
import { CorralError } from '@/lib/core/errors'

/** What a person typed, by a schema; unknown names are refused. Throws `admin.invalid_input`. */
export function parseInput<Shape extends z.core.$ZodLooseShape>(
  schema: z.ZodObject<Shape>,
  input: Record<string, unknown>,
): z.output<z.ZodObject<Shape, z.core.$strict>> {
  const parsed = schema.strict().safeParse(withoutUndefined(input))
  if (parsed.success) return parsed.data
  throw invalidInput(describeIssues(parsed.error))
}

/**
 * Only the fields that stand in `input`. Not `schema.partial()`: zod fills an absent field with
 * its default there, and an update would put back what nobody named.
 */
export function parseChange<Shape extends z.core.$ZodLooseShape>(
  schema: z.ZodObject<Shape>,
  input: Record<string, unknown>,
): Partial<z.output<z.ZodObject<Shape>>> {
  const given = withoutUndefined(input)
  const names = Object.keys(given)
  const unknown = names.filter((name) => !(name in schema.shape))
  if (unknown.length > 0) {
    throw invalidInput(
      `${unknown.join(', ')} cannot be changed; expected some of ${Object.keys(schema.shape).join(', ')}.`,
    )
  }
  if (names.length === 0) {
    throw invalidInput(
      `Nothing to change; expected some of ${Object.keys(schema.shape).join(', ')}.`,
    )
  }
  const parsed = pickFields(schema, names).safeParse(given)
  if (parsed.success) return parsed.data
  throw invalidInput(describeIssues(parsed.error))
}

/** One value by its schema. `label` begins the sentence that a person reads. */
export function parseValue<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  label: string,
): z.output<Schema> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw invalidInput(describeIssues(parsed.error, label))
}

export function invalidInput(problem: string, cause?: unknown): CorralError {
  return new CorralError('admin.invalid_input', { params: { problem }, cause })
}

/** `priority: expected number to be <=1000.` One short sentence per problem, five at most. */
export function describeIssues(error: z.ZodError, label?: string): string {
  return error.issues
    .slice(0, 5)
    .map((issue) => {
      const where = [...(label === undefined ? [] : [label]), ...issue.path.map(String)].join('.')
      const expected = issue.message.replace(/^(Invalid|Too)[^:]*: /, '')
      return where === '' ? `${expected}.` : `${where}: ${expected}.`
    })
    .join(' ')
}

// The guarantee: every name of the mask is a key of the shape (checked before the call).
function pickFields<Shape extends z.core.$ZodLooseShape>(
  schema: z.ZodObject<Shape>,
  names: string[],
): z.ZodType<Partial<z.output<z.ZodObject<Shape>>>> {
  const mask = Object.fromEntries(names.map((name) => [name, true]))
  return schema.pick(mask as never) as unknown as z.ZodType<Partial<z.output<z.ZodObject<Shape>>>>
}

function withoutUndefined(input: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined))
}
