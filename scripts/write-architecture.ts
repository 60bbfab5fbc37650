// `npm run docs:architecture`: draws the picture of ARCHITECTURE.md from the imports.
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { drawPictureInto } from './render-import-picture'

const page = path.resolve(import.meta.dirname, '../ARCHITECTURE.md')
writeFileSync(page, drawPictureInto(readFileSync(page, 'utf8')))
