import { readdirSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants } from 'node:zlib'

const compress = promisify(brotliCompress)

/** Brotli's last step would take more than twice as long for 2 % less. */
const quality = 10

/**
 * Lays each script and style of a build compressed beside it, for `lib/http/precompressed`: that
 * takes too long while a browser waits.
 */
export async function compressStatic(folder) {
  const files = readdirSync(folder, { recursive: true }).filter((file) => /\.(js|css)$/.test(file))
  await Promise.all(files.map((file) => compressFile(path.join(folder, file))))
}

async function compressFile(file) {
  const bytes = await readFile(file)
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: quality,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  }
  await writeFile(`${file}.br`, await compress(bytes, { params }))
}
