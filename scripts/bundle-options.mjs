import path from 'node:path'
import { root } from './root.mjs'

/**
 * How our TypeScript becomes a program. Packages come along, since reading them file by file takes
 * longer than all the rest of a start, but for those below; node_modules is there at run time.
 */
export const bundleOptions = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20.19',
  outExtension: { '.js': '.mjs' },
  logLevel: 'warning',
  // Of the drivers only that for a file: the others bring a client for WebSockets and one for HTTP.
  alias: { '@libsql/client': path.join(root, 'node_modules/@libsql/client/lib-esm/sqlite3.js') },
  // What a package in the form of CommonJS asks for.
  banner: {
    js: "import { createRequire } from 'node:module'\nconst require = createRequire(import.meta.url)",
  },
  external: [
    // They bring native files, or choose at run time what else they need.
    '@node-rs/argon2',
    'libsql',
    'next',
    'pg-native',
    'pino',
    'pino-pretty',
    'pino-roll',
    // Two megabytes of text, of which a process reads one engine's.
    '@prisma/client/runtime/*.wasm-base64.mjs',
    // A bundled one takes half as much memory again for a stream.
    'undici',
  ],
}
