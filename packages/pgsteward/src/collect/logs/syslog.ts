// Listens for syslog by UDP and TCP (RFC 3164 and 5424, a message a line or octet-counted), for servers with log_destination = syslog
// and platforms that drain to an address.

import { createSocket } from 'node:dgram'
import { createServer, type Socket } from 'node:net'
import type { PushedLines } from './pushed-lines.ts'
import { lineOf, syslogFrames } from './syslog-frames.ts'

export interface SyslogOptions {
  readonly host: string
  readonly port: number
  readonly lines: PushedLines
  /** What is lost, and why: UDP that finds no room, a sender that speaks no syslog. */
  readonly onLost: (because: string) => void
}

export interface SyslogListener {
  readonly port: number
  readonly close: () => Promise<void>
}

const MOST_CONNECTIONS = 64
const IDLE_MS = 30 * 60_000

/** While no room is left a connection waits, and with it the sender. */
const RETRY_MS = 200

/** Throws what the system says when the address cannot be listened on. */
export async function listenForSyslog({ host, port, lines, onLost }: SyslogOptions): Promise<SyslogListener> {
  const connections = new Set<Socket>()
  const tcp = createServer((socket) => {
    connections.add(socket)
    socket.on('close', () => connections.delete(socket))
    receive(socket, lines, onLost)
  })
  tcp.maxConnections = MOST_CONNECTIONS
  await new Promise<void>((resolve, reject) => {
    tcp.once('error', reject)
    tcp.listen(port, host, () => {
      tcp.off('error', reject)
      resolve()
    })
  })
  const address = tcp.address()
  const actual = typeof address === 'object' && address !== null ? address.port : port
  const udp = createSocket(host.includes(':') ? 'udp6' : 'udp4')
  udp.on('message', (message, { address: sender }) => {
    const offered = lines.offer('syslog', `udp ${sender}`, lineOf(message))
    if (offered === null) onLost('syslog by UDP came faster than it could be read')
    else offered.catch(() => undefined)
  })
  const closeTcp = () =>
    new Promise<void>((resolve) => {
      for (const socket of connections) socket.destroy()
      tcp.close(() => resolve())
    })
  try {
    await new Promise<void>((resolve, reject) => {
      udp.once('error', reject)
      udp.bind(actual, host, () => {
        udp.off('error', reject)
        resolve()
      })
    })
  } catch (error) {
    await closeTcp()
    throw error
  }
  // a socket that breaks later must not end the process
  udp.on('error', (error) => onLost(error.message))
  tcp.on('error', (error) => onLost(error.message))
  return {
    port: actual,
    close: async () => {
      await new Promise<void>((resolve) => udp.close(() => resolve()))
      await closeTcp()
    },
  }
}

function receive(socket: Socket, lines: PushedLines, onLost: (because: string) => void): void {
  const stream = `tcp ${socket.remoteAddress} ${socket.remotePort}`
  let rest: Uint8Array = new Uint8Array()
  socket.setTimeout(IDLE_MS, () => socket.destroy())
  socket.on('error', () => socket.destroy())

  const give = (text: Buffer) => {
    const offered = lines.offer('syslog', stream, text)
    if (offered !== null) {
      offered.catch(() => undefined)
      return
    }
    socket.pause()
    const retry = setTimeout(() => {
      if (socket.destroyed) return
      give(text)
      socket.resume()
    }, RETRY_MS)
    retry.unref()
  }

  socket.on('data', (data) => {
    const bytes = rest.length === 0 ? data : Buffer.concat([rest, data])
    const framed = syslogFrames(bytes)
    if (framed === null) {
      onLost(`${socket.remoteAddress} sends something that is no syslog`)
      socket.destroy()
      return
    }
    // a copy: the socket uses its buffer again
    rest = Uint8Array.from(framed.rest)
    if (framed.frames.length > 0) give(Buffer.concat(framed.frames.map(lineOf)))
  })
  socket.on('end', () => {
    if (rest.length > 0 && rest[0] === 0x3c) give(lineOf(rest))
    rest = new Uint8Array()
  })
}
