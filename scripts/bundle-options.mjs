import { root } from './root.mjs'

/** What becomes a program of its own in `dist/`. */
export const programs = {
  server: 'server.ts',
  console: 'console.ts',
  cli: 'cli/main.ts',
  simulator: 'simulator/main.ts',
}

/**
 * How our TypeScript becomes a program. Packages come along but for those below, since reading them
 * file by file is a sixth of a gateway's start and nearly half of a command; node_modules is there
 * at run time.
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
  alias: { '@libsql/client': '@libsql/client/sqlite3' },
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
