// A receiver on loopback that behaves as a test says: takes, refuses, asks for patience, hangs up, stays silent.

import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Received {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** What becomes of a request: an answer, a connection that breaks off, or silence until the receiver closes. */
export type Behaviour = (received: Received, count: number) => Answer | 'hang-up' | 'silence'

export interface Receiver extends AsyncDisposable {
  readonly url: string
  readonly received: readonly Received[]
}

export async function startReceiver(behave: Behaviour): Promise<Receiver> {
  const received: Received[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('error', () => undefined)
    request.on('end', () => {
      const one: Received = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      }
      received.push(one)
      const answer = behave(one, received.length)
      if (answer === 'silence') return
      if (answer === 'hang-up') {
        request.socket.destroy()
        return
      }
      response.writeHead(answer.status, answer.headers).end(answer.body ?? '')
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}
