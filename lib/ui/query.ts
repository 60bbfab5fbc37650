/** A query that people can read: commas, colons and `!` stand as they are, which a URL allows. */
export function renderQuery(params: URLSearchParams): string {
  return params.toString().replaceAll('%2C', ',').replaceAll('%3A', ':').replaceAll('%21', '!')
}
