// A server to be loaded, in a process of its own: `http` (node:http, two bytes), `raw` (a TCP stub that answers every packet), `stall`
// (http that freezes 200 ms of every 2 s). Says its port, and on request how much it has answered and when it was frozen.

import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net'

export type ServerKind = 'http' | 'raw' | 'stall'
export type ServerWord =
  | { readonly port: number }
  | { readonly answered: number; readonly stalls: readonly Stall[] }
/** On the clock of all processes (process.hrtime). */
export interface Stall {
  readonly fromMs: number
  readonly toMs: number
}

export const STALL_MS = 200
export const STALL_EVERY_MS = 2000

export function clockMs(): number {
  const [seconds, nanoseconds] = process.hrtime()
  return seconds * 1000 + nanoseconds / 1e6
}

function serve(kind: ServerKind): void {
  let answered = 0
  let stalls: Stall[] = []
  let server: Server
  if (kind === 'raw') {
    const answer = Buffer.from('HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 2\r\n\r\nok')
    server = createTcpServer((socket) => {
      socket.setNoDelay(true)
      socket.on('data', () => {
        answered++
        socket.write(answer)
      })
      socket.on('error', () => {})
    })
  } else {
    server = createHttpServer((_, response) => {
      answered++
      response.writeHead(200, { 'content-type': 'text/plain', 'content-length': 2 })
      response.end('ok')
    })
  }
  if (kind === 'stall') {
    const blocked = new Int32Array(new SharedArrayBuffer(4))
    setInterval(() => {
      const fromMs = clockMs()
      Atomics.wait(blocked, 0, 0, STALL_MS)
      stalls.push({ fromMs, toMs: clockMs() })
    }, STALL_EVERY_MS)
  }
  process.on('message', () => {
    process.send!({ answered, stalls } satisfies ServerWord)
    stalls = stalls.slice(-1000)
  })
  process.on('disconnect', () => process.exit())
  server.listen(0, '127.0.0.1', () =>
    process.send!({ port: (server.address() as AddressInfo).port } satisfies ServerWord),
  )
}

if (process.send !== undefined) serve(process.argv[2] as ServerKind)
