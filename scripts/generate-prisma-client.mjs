// Generates both Prisma clients and the list of migrations into lib/db/generated. The CLI wants a schema engine binary before
// it does anything and would download one; generating never runs it, so any file will do.
import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { embedMigrations } from './embed-migrations.mjs'

const root = path.resolve(import.meta.dirname, '..')
const cli = path.join(root, 'node_modules/prisma/build/index.js')

for (const engine of ['sqlite', 'postgresql']) {
  const schema = path.join(root, 'prisma', engine, 'schema.prisma')
  const run = spawnSync(process.execPath, [cli, 'generate', '--no-hints', '--schema', schema], {
    cwd: root,
    encoding: 'utf8',
    env: {
      ...process.env,
      PRISMA_SCHEMA_ENGINE_BINARY: path.join(root, 'package.json'),
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      CHECKPOINT_DISABLE: '1',
    },
  })
  if (run.status !== 0) {
    console.error(
      `The Prisma client for ${engine} could not be generated.\n${run.stdout}${run.stderr}`,
    )
    process.exit(1)
  }
}

await embedMigrations()
