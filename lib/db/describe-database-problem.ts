/**
 * Why a database cannot be used, in words that hold no address and no credentials; `null` when
 * the error is not about reaching it.
 */
export function describeDatabaseProblem(error: unknown): string | null {
  const facts = listFacts(error)
  for (const [pattern, problem] of problems) {
    if (facts.some((fact) => pattern.test(fact))) return problem
  }
  return null
}

const problems: [RegExp, string][] = [
  [/^(EACCES|EPERM|EROFS)$/, 'its folder is not writable'],
  [/^ENOTDIR$|^EEXIST$/, 'its folder is a file'],
  [/SQLITE_READONLY|readonly database/i, 'its file is not writable'],
  [/SQLITE_NOTADB|not a database/i, 'the file is not a database'],
  [/SQLITE_CORRUPT|disk image is malformed/i, 'the file is damaged'],
  [/SQLITE_CANTOPEN|unable to open database file|ConnectionFailed/i, 'the file cannot be opened'],
  [/SQLITE_BUSY|database is locked|SocketTimeout|^P1008$/i, 'another process holds its lock'],
  [/SQLITE_FULL|disk is full|^ENOSPC$|^53100$/i, 'its disk is full'],
  [/^ECONNREFUSED$|^P1001$|DatabaseNotReachable/, 'PostgreSQL refuses the connection or is down'],
  [/^(28P01|28000)$|^P1000$|AuthenticationFailed/, 'PostgreSQL refuses the user or the password'],
  [/^3D000$|^P1003$|DatabaseDoesNotExist/, 'PostgreSQL has no database of that name'],
  [/^(ENOTFOUND|EAI_AGAIN)$/, "PostgreSQL's host name is not known"],
  [/^53300$|^P2037$|TooManyConnections/, 'PostgreSQL has no free connection'],
  [
    /^ETIMEDOUT$|timeout exceeded when trying to connect|connection timeout|^P2024$/i,
    'PostgreSQL does not answer',
  ],
  [/^57P0[123]$|^ECONNRESET$|^EPIPE$|^P1017$|ConnectionClosed/, 'PostgreSQL closed the connection'],
  [/Connection terminated/i, 'PostgreSQL closed the connection'],
  [/^42501$|DatabaseAccessDenied|^P1010$/, 'PostgreSQL denies this user what is needed'],
]

// Driver, adapter and Prisma wrap each other: a code may stand at any depth.
function listFacts(error: unknown, depth = 0): string[] {
  if (typeof error !== 'object' || error === null || depth > 5) return []
  const facts: string[] = []
  for (const name of [
    'code',
    'kind',
    'originalCode',
    'originalMessage',
    'extendedCode',
    'message',
  ]) {
    const value: unknown = Reflect.get(error, name)
    if (typeof value === 'string') facts.push(value)
  }
  for (const name of ['cause', 'meta', 'driverAdapterError']) {
    facts.push(...listFacts(Reflect.get(error, name), depth + 1))
  }
  return facts
}
