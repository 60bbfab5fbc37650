/** A `corral` line for a POSIX shell: what is not plain is quoted. */
export function renderCommand(args: readonly string[]): string {
  return ['corral', ...args].map(quote).join(' ')
}

/** Names that people gave stand before the options, unless one would be read as an option. */
export function composeCommand(command: {
  verb: readonly string[]
  names: readonly string[]
  options?: readonly string[]
}): string[] {
  const { verb, names, options = [] } = command
  return names.some((name) => name.startsWith('-'))
    ? [...verb, ...options, '--', ...names]
    : [...verb, ...names, ...options]
}

function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
