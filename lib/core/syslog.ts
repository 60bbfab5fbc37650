import { createSocket } from 'node:dgram'
import { connect, type Socket } from 'node:net'
import { hostname } from 'node:os'

export type Syslog = { write(line: string): void; flushSync(): void; end(): Promise<void> }

const datagramBytesMax = 8192
const heldBytesMax = 4 * 1024 * 1024
const reconnectMs = 1000
const endMs = 2000

/**
 * Sends log lines as RFC 5424 messages: over `syslog+udp://HOST:PORT` (RFC 5426, default port
 * 514, cut at 8 KiB) or `syslog+tcp://HOST:PORT` (octet counting of RFC 6587, default port 601).
 * A server that cannot be reached never holds anybody up: 4 MiB wait for it, the oldest go first.
 */
export function openSyslog(url: string): Syslog {
  const { protocol, hostname: host, port } = new URL(url.replace(/^syslog\+/, ''))
  const address = host.replace(/^\[|\]$/g, '')
  return protocol === 'tcp:'
    ? openTcp(address, Number(port || 601))
    : openUdp(address, Number(port || 514))
}

const facilityLocal0 = 16
const severities: Record<string, number> = { fatal: 2, error: 3, warn: 4, info: 6 }
const severityDebug = 7

/** One line of the log as an RFC 5424 message; time and level are read from its beginning. */
export function renderSyslog(line: string, source: { host: string; processId: number }): string {
  const [, level = 'info', time = '-'] = /^\{"level":"(\w+)","time":"([^"]+)"/.exec(line) ?? []
  const priority = facilityLocal0 * 8 + (severities[level] ?? severityDebug)
  const host = source.host.replace(/[^\x21-\x7e]/g, '').slice(0, 255) || '-'
  return `<${priority}>1 ${time} ${host} corral ${source.processId} - - ${line.trimEnd()}`
}

function openUdp(host: string, port: number): Syslog {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
  const source = { host: hostname(), processId: process.pid }
  socket.on('error', () => {})
  socket.unref()
  return {
    write(line) {
      const message = Buffer.from(renderSyslog(line, source))
      socket.send(message.subarray(0, datagramBytesMax), port, host, () => {})
    },
    flushSync() {},
    end: () => new Promise((resolve) => socket.close(() => resolve())),
  }
}

function openTcp(host: string, port: number): Syslog {
  const source = { host: hostname(), processId: process.pid }
  const held: Buffer[] = []
  let heldBytes = 0
  let socket: Socket | null = null
  let ready = false
  let ending = false
  let retry: NodeJS.Timeout | undefined

  function open(): void {
    const opened = connect(port, host)
    socket = opened
    opened.setKeepAlive(true)
    opened.on('connect', () => {
      ready = true
      send()
    })
    opened.on('drain', () => {
      ready = true
      send()
    })
    opened.on('error', () => {})
    opened.on('close', () => {
      ready = false
      if (!ending) retry = setTimeout(open, reconnectMs).unref()
    })
    opened.resume()
    opened.unref()
  }

  function send(): void {
    while (ready && socket && held.length > 0) {
      const message = held.shift()
      if (!message) return
      heldBytes -= message.length
      ready = socket.write(message)
    }
  }

  open()
  return {
    write(line) {
      const text = renderSyslog(line, source)
      const message = Buffer.from(`${Buffer.byteLength(text)} ${text}`)
      held.push(message)
      heldBytes += message.length
      while (heldBytes > heldBytesMax) heldBytes -= held.shift()?.length ?? heldBytes
      send()
    },
    flushSync: () => send(),
    end: () =>
      new Promise((resolve) => {
        ending = true
        clearTimeout(retry)
        const giveUp = setTimeout(() => socket?.destroy(), endMs)
        if (!socket || socket.destroyed) {
          clearTimeout(giveUp)
          return resolve()
        }
        socket.once('close', () => {
          clearTimeout(giveUp)
          resolve()
        })
        ready = !socket.connecting
        send()
        socket.end()
      }),
  }
}
