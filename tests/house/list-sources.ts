import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'

export const root = path.resolve(import.meta.dirname, '../..')

export type Source = { file: string; text: string }

/** The files that git knows, or would know, under the folders named; generated code left out. */
export function listSources(...folders: string[]): Source[] {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '--', ...folders]
  return execFileSync('git', args, { cwd: root, encoding: 'utf8' })
    .split('\n')
    .filter((file) => file !== '' && existsSync(path.join(root, file)))
    .map((file) => ({ file, text: readFileSync(path.join(root, file), 'utf8') }))
}

/** TypeScript of the product itself: no tests, no tools. */
export function listProductSources(): Source[] {
  const folders = ['lib', 'app', 'components', 'cli', 'server', 'server.ts', 'console.ts']
  return listSources(...folders, 'instrumentation.ts').filter(
    ({ file }) => /\.tsx?$/.test(file) && !file.includes('.test.') && !file.endsWith('.d.ts'),
  )
}
