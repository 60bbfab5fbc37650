import type { BuildOptions } from 'esbuild'

export const programs: { server: string; console: string; cli: string; simulator: string }
export const bundleOptions: BuildOptions
