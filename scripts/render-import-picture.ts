import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import * as z from 'zod'

const root = path.resolve(import.meta.dirname, '..')
const reportBytesMax = 256 * 1024 * 1024

const layers = {
  doors: ['server.ts', 'server', 'console.ts', 'instrumentation.ts', 'app', 'cli'],
  halls: ['lib/gateway', 'lib/admin'],
  rooms: [
    'lib/auth',
    'lib/limits',
    'lib/routing',
    'lib/backends',
    'lib/dialects',
    'lib/usage',
    'lib/settings',
  ],
  cellar: ['lib/db'],
}
const places = Object.values(layers).flat()

const reportSchema = z.object({
  modules: z.array(
    z.object({
      source: z.string(),
      dependencies: z.array(
        z.object({ resolved: z.string(), dependencyTypes: z.array(z.string()) }),
      ),
    }),
  ),
})

/**
 * The picture of ARCHITECTURE.md in mermaid: who imports whom at run time, as dependency-cruiser
 * reads it from the sources. The ground is left out, since everything may stand on it.
 */
export function renderImportPicture(): string {
  const edges = new Set<string>()
  for (const { source, dependencies } of readImports()) {
    for (const { resolved, dependencyTypes } of dependencies) {
      const from = findPlace(source)
      const to = findPlace(resolved)
      if (!from || !to || from === to || dependencyTypes.includes('type-only')) continue
      edges.add(`  ${idOf(from)} --> ${idOf(to)}`)
    }
  }
  const groups = Object.entries(layers).map(([layer, names]) => {
    const nodes = names.map((name) => `    ${idOf(name)}["${name}"]`)
    return `  subgraph ${layer}\n${nodes.join('\n')}\n  end`
  })
  return ['```mermaid', 'flowchart TD', ...groups, ...[...edges].sort(), '```'].join('\n')
}

/** ARCHITECTURE.md with the picture between its two marks drawn anew. */
export function drawPictureInto(page: string): string {
  const [before, after] = page.split(/<!-- imports -->[\s\S]*<!-- end of imports -->/)
  if (before === undefined || after === undefined) throw new Error('The page has no marks.')
  return `${before}<!-- imports -->\n\n${renderImportPicture()}\n\n<!-- end of imports -->${after}`
}

function readImports() {
  const program = path.join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs')
  const starts = places.filter((place) => existsSync(path.join(root, place)))
  const args = [program, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...starts]
  const options = { cwd: root, maxBuffer: reportBytesMax, encoding: 'utf8' } as const
  const { stdout, stderr } = spawnSync(process.execPath, args, options)
  if (stdout === '') throw new Error(`dependency-cruiser made no report: ${stderr}`)
  return reportSchema.parse(JSON.parse(stdout)).modules
}

function findPlace(file: string): string | null {
  if (file.includes('.test.')) return null
  return places.find((place) => file === place || file.startsWith(`${place}/`)) ?? null
}

function idOf(place: string): string {
  if (place === 'server.ts') return 'server-ts'
  return place.replace(/\.ts$/, '').replace('lib/', '')
}
