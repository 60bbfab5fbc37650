import type { NextConfig } from 'next'

const config: NextConfig = {
  // Compression would hold a stream back until a block is full.
  compress: false,
  poweredByHeader: false,
  // The gateway answers `//x` and `/x/` itself, as its other door does.
  skipTrailingSlashRedirect: true,
  skipProxyUrlNormalize: true,
  serverExternalPackages: [
    '@libsql/client',
    '@node-rs/argon2',
    '@prisma/adapter-libsql',
    '@prisma/adapter-pg',
    'libsql',
    'pino',
    'pino-pretty',
    'pino-roll',
    'undici',
  ],
  // `next dev` would print every path, keys under /k included.
  logging: { incomingRequests: false },
  // E4: a browser that opens the bare address means the console.
  redirects: async () => [
    {
      source: '/',
      has: [{ type: 'header', key: 'accept', value: '.*text/html.*' }],
      destination: '/console',
      permanent: false,
    },
  ],
  // tsc checks everything, tests included; a start must not do it again.
  typescript: { ignoreBuildErrors: true },
  devIndicators: false,
  // `next dev` would refuse its own scripts to a browser that came by the address.
  allowedDevOrigins: ['127.0.0.1'],
  outputFileTracingRoot: import.meta.dirname,
  turbopack: { root: import.meta.dirname },
  // Writing it takes half as long again as a build, and 140 MB; the next build gains little by it.
  experimental: { turbopackFileSystemCacheForBuild: false },
}

export default config
