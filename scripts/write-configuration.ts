// `npm run docs:configuration`: writes docs/configuration.md and .env.example from the schemas.
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { renderConfiguration, renderEnvExample } from './render-configuration'

const root = path.resolve(import.meta.dirname, '..')
writeFileSync(path.join(root, 'docs/configuration.md'), renderConfiguration())
writeFileSync(path.join(root, '.env.example'), renderEnvExample())
