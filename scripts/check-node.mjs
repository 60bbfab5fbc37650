// Runs on any Node that knows ES modules, so that an old one can say what is wrong.

/** The sentence that an unfit Node version deserves, or null. */
export function findNodeProblem(version) {
  const parts = version.replace(/^v/, '').split('.').map(Number)
  const major = parts[0]
  const minor = parts[1]
  const fits = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major >= 24
  return fits ? null : `Corral needs Node 20.19+, 22.12+ or 24+; this is ${version}.`
}

/** Ends the process with exit code 1 when this Node does not fit. */
export function checkNode() {
  const problem = findNodeProblem(process.version)
  if (!problem) return
  console.error(problem)
  process.exit(1)
}
