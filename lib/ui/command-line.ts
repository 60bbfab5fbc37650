/** A `corral` line for a POSIX shell: what is not plain is quoted. */
export function renderCommand(args: readonly string[]): string {
  return ['corral', ...args].map(quote).join(' ')
}

function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
