// `npm run dev`: the server, bundled again and started again whenever a source changes.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import path from 'node:path'
import { checkNode } from './check-node.mjs'

checkNode()
const { bundle, generate } = await import('./build.mjs')
const { bundleOptions, programs } = await import('./bundle-options.mjs')
const { install } = await import('./install.mjs')
const { followParent } = await import('./follow-parent.mjs')
const { withLock } = await import('./lock.mjs')
const { root } = await import('./root.mjs')

let server = null
let restarting = Promise.resolve()

await withLock(async () => {
  await install()
  // What is bundled here is not what `npm start` builds: it must build again.
  rmSync(path.join(root, 'dist/.corral-build'), { force: true })
  await generate()
  await bundle({})
})
const esbuild = await import('esbuild')
const context = await esbuild.context({
  ...bundleOptions,
  entryPoints: programs,
  outdir: path.join(root, 'dist'),
  plugins: [{ name: 'restart', setup: (build) => build.onEnd(onBundled) }],
})
await context.watch()
followParent()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(signal, () => restarting.then(stop).then(() => process.exit(0)))
}

function onBundled(result) {
  if (result.errors.length > 0) return
  restarting = restarting.then(stop).then(start)
}

async function stop() {
  if (!server || server.exitCode !== null || server.signalCode !== null) return
  server.kill('SIGTERM')
  await once(server, 'exit')
}

function start() {
  server = spawn(process.execPath, ['--enable-source-maps', path.join(root, 'dist/server.mjs')], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, NODE_ENV: 'development' },
  })
}
