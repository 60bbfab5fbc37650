import { spawn } from 'node:child_process'

/** Runs `cli.mjs` of `buildPrograms` beside a running server; throws when it does not end well. */
export function runCli(
  program: string,
  args: readonly string[],
  options: { dataFolder: string; env?: Record<string, string>; stdin?: string },
): Promise<string> {
  const child = spawn(process.execPath, [program, ...args], {
    cwd: options.dataFolder,
    env: {
      PATH: process.env.PATH ?? '',
      NODE_ENV: 'production',
      CORRAL_DATA: options.dataFolder,
      ...options.env,
    },
  })
  let output = ''
  let problems = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  child.stderr.on('data', (chunk) => {
    problems += chunk
  })
  child.stdin.end(options.stdin ?? '')
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve(output)
      else reject(new Error(`corral ${args.join(' ')} ended with ${code}: ${problems}${output}`))
    })
  })
}
