import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { expect, it } from 'vitest'
import { openSyslog, renderSyslog } from './syslog'

const line = '{"level":"warn","time":"2026-01-02T03:04:05.678Z","msg":"überlast"}\n'

it('a line becomes an RFC 5424 message with its own time and severity', () => {
  expect(renderSyslog(line, { host: 'gpu 1', processId: 7 })).toBe(
    `<132>1 2026-01-02T03:04:05.678Z gpu1 corral 7 - - ${line.trimEnd()}`,
  )
  expect(renderSyslog('{"level":"fatal","time":"x"', { host: '', processId: 7 })).toMatch(
    /^<130>1 x - /,
  )
})

it('over UDP a message is a datagram, cut at 8 KiB', async () => {
  const server = createSocket('udp4')
  server.bind(0, '127.0.0.1')
  await once(server, 'listening')
  const syslog = openSyslog(`syslog+udp://127.0.0.1:${server.address().port}`)
  const first = once(server, 'message')
  syslog.write(line)
  expect(String((await first)[0])).toMatch(/^<132>1 .* corral \d+ - - \{.*überlast"\}$/)
  const second = once(server, 'message')
  syslog.write(`${line.slice(0, -3)}${'x'.repeat(20_000)}"}\n`)
  expect((await second)[0]).toHaveLength(8192)
  await syslog.end()
  server.close()
})

it('over TCP messages are counted in octets, and those of an outage arrive after it', async () => {
  const received: string[] = []
  const sockets: Socket[] = []
  const accept = (socket: Socket) => {
    sockets.push(socket)
    socket.on('data', (chunk) => received.push(String(chunk)))
  }
  const server = createServer(accept).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  const syslog = openSyslog(`syslog+tcp://127.0.0.1:${port}`)
  syslog.write(line)
  syslog.write(line)
  const revived = createServer(accept).listen(port, '127.0.0.1')
  await expect.poll(() => received.join('').match(/überlast/g)?.length, { timeout: 8000 }).toBe(2)
  await syslog.end()
  revived.close()
  const [count = '', ...rest] = received.join('').split(' ')
  expect(Buffer.from(rest.join(' ')).subarray(0, Number(count)).toString()).toMatch(/"\}$/)
})

it('a server that is never there neither fails nor holds anybody up', async () => {
  const syslog = openSyslog('syslog+tcp://127.0.0.1:1')
  for (let i = 0; i < 5000; i++) syslog.write(`${line.slice(0, -3)}${'x'.repeat(2000)}"}\n`)
  await syslog.end()
})
