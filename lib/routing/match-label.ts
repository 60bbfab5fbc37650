/**
 * Whether a backend carries what a label text asks for (D6): `gpu=a100` is that key with that
 * value, `gpu` a key or a value; several with commas must all be there. Case does not matter.
 */
export function matchesLabel(labels: Readonly<Record<string, string>>, text: string): boolean {
  const wanted = text
    .toLowerCase()
    .split(',', labelsMax)
    .map((part) => part.trim())
    .filter((part) => part !== '')
  if (wanted.length === 0) return false
  const entries = Object.entries(labels).map(
    ([key, value]) => [key.toLowerCase(), value.toLowerCase()] as const,
  )
  return wanted.every((part) => entries.some((entry) => isLabel(entry, part)))
}

const labelsMax = 20

function isLabel([key, value]: readonly [string, string], part: string): boolean {
  const equals = part.indexOf('=')
  if (equals < 0) return key === part || value === part
  return key === part.slice(0, equals).trim() && value === part.slice(equals + 1).trim()
}
