const lookMs = 500

/**
 * npm runs a script in a shell, and a SIGTERM to npm ends that shell only: whoever was started so
 * would be left behind, still holding its port. When the parent is gone, we were told to end.
 */
export function followParent() {
  if (!process.env.npm_lifecycle_event) return
  const parent = process.ppid
  let told = false
  const handled = new Set()
  // Heard only once the server itself listens: a listener of ours alone would swallow the signal.
  process.on('newListener', (name) => {
    if ((name !== 'SIGTERM' && name !== 'SIGINT') || handled.has(name)) return
    handled.add(name)
    process.prependListener(name, () => {
      told = true
    })
  })
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    if (!told) process.kill(process.pid, 'SIGTERM')
  }, lookMs)
  timer.unref()
}
