// A small HTTP server on loopback that plays another company's service, and calls back with signed webhooks as they do.

import { createServer, type IncomingMessage, type ServerResponse, request as sendRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SIGNATURE_HEADER, sign } from '../app/signatures.ts'
import { type Random, seededRandom } from '../traffic/random.ts'

export interface SimulatorOptions {
  readonly secret: string
  readonly seed: number
}

export interface Simulator {
  readonly url: string
  readonly stop: () => Promise<void>
}

export interface Visit {
  readonly path: string
  readonly body: Readonly<Record<string, unknown>>
  readonly random: Random
  /** Ends early when the simulator stops. */
  readonly wait: (ms: number) => Promise<void>
  readonly answer: (status: number, body: unknown) => void
  /** Tries three times, as such companies do. */
  readonly callBack: (url: string, body: unknown) => Promise<void>
}

const MAX_BODY = 100_000
const TRIES = 3
const RETRY_MS = 300

export async function startSimulator(
  { secret, seed }: SimulatorOptions,
  visit: (visit: Visit) => Promise<void>,
): Promise<Simulator> {
  const random = seededRandom(seed)
  const stopping = new AbortController()
  const { signal } = stopping

  const wait = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(done, ms)
      function done() {
        clearTimeout(timer)
        signal.removeEventListener('abort', done)
        resolve()
      }
      if (signal.aborted) done()
      else signal.addEventListener('abort', done)
    })

  const callBack = async (url: string, body: unknown) => {
    const text = JSON.stringify(body)
    for (let attempt = 0; attempt < TRIES && !signal.aborted; attempt++) {
      const headers = {
        'content-type': 'application/json',
        [SIGNATURE_HEADER]: sign(secret, text, Date.now()),
      }
      if (await isAccepted(url, headers, text, signal)) return
      await wait(RETRY_MS)
    }
  }

  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const answer = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    }
    try {
      const body = await readJson(request)
      await visit({ path: request.url ?? '/', body, random, wait, answer, callBack })
    } catch {
      if (!response.headersSent) answer(400, { error: 'not understood' })
    }
  }

  const server = createServer((request, response) => void serve(request, response))
  // every connection ends at stop(), also those that a client keeps
  server.keepAliveTimeout = 5_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      stopping.abort()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/**
 * By node:http, while the application uses fetch: the instrument watches fetch, and these are the calls of another company that only
 * plays in our process.
 */
function isAccepted(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  signal: AbortSignal,
): Promise<boolean> {
  return new Promise((resolve) => {
    const request = sendRequest(url, { method: 'POST', headers, signal }, (response) => {
      response.resume().once('close', () => resolve((response.statusCode ?? 500) < 300))
    })
    request.once('error', () => resolve(false)).end(body)
  })
}

async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk
    if (text.length > MAX_BODY) throw new Error('too large')
  }
  return JSON.parse(text) as Record<string, unknown>
}
