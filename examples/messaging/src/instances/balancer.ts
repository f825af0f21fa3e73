// A small HTTP balancer in front of several instances: round robin, one address. What could not be sent to one instance goes to the next;
// a GET also when its instance broke off before it answered.

import {
  Agent,
  createServer,
  type IncomingMessage,
  type ServerResponse,
  request as sendRequest,
} from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Balancer {
  readonly url: string
  /** Requests by instance, in the order given; what was sent again counts for the one that answered. */
  readonly answered: () => readonly number[]
  readonly stop: () => Promise<void>
}

export interface BalancerOptions {
  /** 0: any free one. */
  readonly port: number
  /** Asked at each request; null: that instance is not there just now. */
  readonly instances: () => readonly (string | null)[]
}

/** An instance that refused a connection is passed by for so long, unless there is no other. */
const PASSED_BY_MS = 500
/** Requests to all instances, and what they may hold. */
const TO_ALL = '/internal/'
const MAX_BODY = 10_000

export async function startBalancer({ port, instances }: BalancerOptions): Promise<Balancer> {
  const agent = new Agent({ keepAlive: true })
  const refusedAt = new Map<number, number>()
  const answered: number[] = []
  let turn = 0

  /** Who could answer, the next one first. */
  const candidates = (): readonly number[] => {
    const known = instances()
    const order = known.map((_, n) => (turn + n) % known.length).filter((n) => known[n] !== null)
    turn += 1
    const fresh = performance.now() - PASSED_BY_MS
    const isWell = (n: number) => (refusedAt.get(n) ?? Number.NEGATIVE_INFINITY) < fresh
    return [...order.filter(isWell), ...order.filter((n) => !isWell(n))]
  }

  const pass = (request: IncomingMessage, response: ServerResponse, [n, ...others]: readonly number[]) => {
    const target = n === undefined ? null : instances()[n]
    if (n === undefined || target === null || target === undefined) {
      request.resume()
      response.writeHead(503, { 'content-type': 'application/json', 'retry-after': '1' })
      response.end('{"error":{"message":"no instance of the application answers"}}')
      return
    }
    const { 'content-length': length, 'transfer-encoding': encoding } = request.headers
    const isEmpty = encoding === undefined && (length === undefined || length === '0')
    const isRepeatable = isEmpty && (request.method === 'GET' || request.method === 'HEAD')
    let isConnected = false
    const outgoing = sendRequest(
      new URL(request.url ?? '/', target),
      {
        agent,
        method: request.method ?? 'GET',
        headers: {
          ...request.headers,
          connection: 'keep-alive',
          'x-forwarded-for': request.socket.remoteAddress ?? '',
        },
      },
      (incoming) => {
        answered[n] = (answered[n] ?? 0) + 1
        response.writeHead(incoming.statusCode ?? 502, incoming.headers)
        incoming.pipe(response)
        incoming.once('error', () => response.destroy())
      },
    )
    outgoing.once('socket', (socket) => {
      const send = () => {
        isConnected = true
        // not before: a body that was read can't be sent to another one
        if (isEmpty) outgoing.end()
        else request.pipe(outgoing)
      }
      if (socket.connecting) socket.once('connect', send)
      else send()
    })
    outgoing.once('error', () => {
      if (response.headersSent) return void response.destroy()
      if (response.destroyed) return
      refusedAt.set(n, performance.now())
      if (!isConnected || isRepeatable) return pass(request, response, others)
      // whether it was done nobody knows: only who asked may ask again
      request.resume()
      response.writeHead(502, { 'content-type': 'application/json' })
      response.end('{"error":{"message":"the instance broke off before it answered"}}')
    })
    response.once('close', () => {
      if (!response.writableFinished) outgoing.destroy()
    })
  }

  /** Faults are switched in every instance; the last answer stands for all. */
  const passToAll = async (request: IncomingMessage, response: ServerResponse) => {
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) {
      body += chunk
      if (body.length > MAX_BODY) return void response.writeHead(413).end()
    }
    let last = { status: 503, text: '' }
    for (const target of instances()) {
      if (target === null) continue
      const answer = await fetch(new URL(request.url ?? '/', target), {
        method: request.method ?? 'GET',
        headers: {
          authorization: request.headers.authorization ?? '',
          'content-type': request.headers['content-type'] ?? 'application/json',
        },
        ...(body === '' ? {} : { body }),
      }).catch(() => null)
      if (answer !== null) last = { status: answer.status, text: await answer.text() }
    }
    response.writeHead(last.status, { 'content-type': 'application/json' }).end(last.text)
  }

  const server = createServer((request, response) => {
    if (request.url?.startsWith(TO_ALL)) passToAll(request, response).catch(() => response.destroy())
    else pass(request, response, candidates())
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answered: () => instances().map((_, n) => answered[n] ?? 0),
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeIdleConnections()
      await closed
      agent.destroy()
    },
  }
}
