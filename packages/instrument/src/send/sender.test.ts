import { createServer, type Server } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, describe, expect, test } from 'vitest'
import { drainedOf, queryOf } from '../../test/drained-of.ts'
import { type Receiver, startReceiver } from '../../test/otlp-receiver.ts'
import { until } from '../../test/until.ts'
import { type OtlpBody, otlpBodies } from './otlp.ts'
import { Sender, type SenderOptions } from './sender.ts'

const source = { service: 's', version: '', environment: '', instance: 'i', startedAt: 1_600_000_000_000 }
const bodies = (count = 1): readonly OtlpBody[] =>
  otlpBodies(
    drainedOf({
      queries: Array.from({ length: count }, (_, i) =>
        queryOf({ text: `select ${i} ${Math.random()}`, fingerprint: i.toString(16).padStart(16, '0') }),
      ),
    }),
    source,
  )

const open: { close: () => unknown }[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

async function receiverOf(port = 0): Promise<Receiver> {
  const receiver = await startReceiver(port)
  open.push({ close: receiver.stop })
  return receiver
}

function senderTo(endpoint: string, more: Partial<SenderOptions> = {}): Sender {
  const sender = new Sender({ endpoint, token: 'the-token', firstRetryMs: 5, ...more })
  open.push(sender)
  return sender
}

describe('a receiver that is there', () => {
  test('gets each body once, compressed, with the token', async () => {
    const receiver = await receiverOf()
    const sender = senderTo(receiver.url)
    await sender.send(bodies(3))
    await sender.flush(5000)
    expect(receiver.faults).toEqual([])
    expect(receiver.requests).toEqual([{ path: '/v1/metrics', authorization: 'Bearer the-token' }])
    expect(receiver.points().length).toBe(6)
    expect(sender.state()).toMatchObject({
      queuedBytes: 0,
      sentBodies: 1,
      failedAttempts: 0,
      lastError: null,
    })
    expect(sender.takeDropped()).toEqual({})
  })

  test('may stand under a path', async () => {
    const receiver = await receiverOf()
    receiver.behave((_, response) => response.end('{}'))
    const sender = senderTo(`${receiver.url}/otlp`)
    await sender.send(bodies())
    await sender.flush(5000)
    expect(receiver.requests[0]!.path).toBe('/otlp/v1/metrics')
  })

  test('what it rejects of a body is counted', async () => {
    const receiver = await receiverOf()
    receiver.behave((_, response) => response.end('{"partialSuccess":{"rejectedDataPoints":"2"}}'))
    const sender = senderTo(receiver.url)
    await sender.send(bodies(2))
    await sender.flush(5000)
    expect(sender.takeDropped()).toEqual({ rejected: 2 })
    expect(sender.takeDropped()).toEqual({})
  })

  test.each([400, 401, 413, 500])(
    'is not asked again after %i, and the loss is counted and told',
    async (status) => {
      const receiver = await receiverOf()
      receiver.behave((_, response) => response.writeHead(status).end())
      const refusals: string[] = []
      const sender = senderTo(receiver.url, { onRefused: (because) => refusals.push(because) })
      await sender.send(bodies(2))
      await until('refused', () => sender.state().failedAttempts === 1)
      expect(refusals).toEqual([`HTTP ${status}`])
      expect(sender.takeDropped()).toEqual({ unsent: 4 })
      receiver.behave(null)
      await sender.send(bodies())
      await sender.flush(5000)
      expect(receiver.requests.length).toBe(2)
      expect(receiver.points().length).toBe(2)
    },
  )

  test('that asks for patience by Retry-After gets it', async () => {
    const receiver = await receiverOf()
    receiver.behave((_, response) => response.writeHead(429, { 'retry-after': '3600' }).end())
    const sender = senderTo(receiver.url)
    await sender.send(bodies())
    const { nextAttemptAt } = await until('told to wait', () => {
      const state = sender.state()
      return state.nextAttemptAt === null ? null : { nextAttemptAt: state.nextAttemptAt }
    })
    // five minutes is the most that a receiver may ask for
    expect(nextAttemptAt - Date.now()).toBeGreaterThan(200_000)
    expect(nextAttemptAt - Date.now()).toBeLessThanOrEqual(300_000)
    receiver.behave(null)
    await sender.send(bodies())
    expect(receiver.requests.length).toBe(1)
    await sender.flush(5000)
    expect(receiver.points().length).toBe(4)
  })
})

/** Takes connections and treats them as `then` says. */
async function rawServer(then: (socket: import('node:net').Socket) => void): Promise<string> {
  const sockets = new Set<import('node:net').Socket>()
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    // what is never read would be kept on this side
    socket.resume()
    then(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  open.push({
    close: () => {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  })
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
}

async function closedPort(): Promise<string> {
  const receiver = await startReceiver()
  await receiver.stop()
  return receiver.url
}

const TROUBLE: readonly [string, () => Promise<string>][] = [
  ['is away', closedPort],
  ['has no such name', async () => 'http://pgsteward.invalid:7432'],
  ['resets every connection', () => rawServer((socket) => socket.resetAndDestroy())],
  ['never answers', () => rawServer(() => {})],
  ['answers what is not HTTP', () => rawServer((socket) => socket.end('rubbish\r\n\r\nrubbish'))],
  ['hangs up in the middle of its answer', () => rawServer((s) => s.end('HTTP/1.1 200 OK\r\nContent-Le'))],
  [
    'never ends its answer',
    () => rawServer((s) => s.write('HTTP/1.1 503 No\r\nContent-Length: 100\r\n\r\n')),
  ],
]

describe.each(TROUBLE)('a receiver that %s', (_, start) => {
  test('costs a bounded queue, loses the oldest and counts it, and nothing throws', async () => {
    const endpoint = await start()
    const sender = senderTo(endpoint, { maxQueueBytes: 64 * 1024, timeoutMs: 20 })
    const perDrain = bodies(200)
    const items = perDrain.reduce((sum, body) => sum + body.items, 0)
    let drains = 0
    let dropped = 0
    for (; drains < 40; drains++) {
      await sender.send(bodies(200))
      expect(sender.state().queuedBytes).toBeLessThanOrEqual(64 * 1024)
      dropped += sender.takeDropped().unsent ?? 0
    }
    await until('an attempt failed', () => sender.state().failedAttempts > 0)
    dropped += sender.takeDropped().unsent ?? 0
    expect(sender.state().sentBodies).toBe(0)
    expect(sender.state().lastError).not.toBeNull()
    expect(dropped).toBeGreaterThan(0)
    expect(dropped % items).toBe(0)
    expect(dropped).toBeLessThan(drains * items)
  })

  test('does not hold up the end of a process', async () => {
    const sender = senderTo(await start(), { timeoutMs: 60_000 })
    await sender.send(bodies())
    await sender.flush(50)
    expect(sender.state().sentBodies).toBe(0)
  })
})

test('delivery goes on, in order, when the receiver is back', async () => {
  const first = await startReceiver()
  await first.stop()
  const sender = senderTo(first.url)
  await sender.send(bodies(1))
  await sender.send(bodies(2))
  await until('attempts failed', () => sender.state().failedAttempts >= 2)
  const receiver = await receiverOf(first.port)
  await until('delivered', () => sender.state().queuedBytes === 0, 20_000)
  expect(receiver.faults).toEqual([])
  expect(receiver.metricBodies.map((body) => JSON.stringify(body).match(/"timeUnixNano"/g)!.length)).toEqual([
    2, 4,
  ])
  expect(sender.takeDropped()).toEqual({})
})

// a lookup that fails takes longer than these attempts, so that many wait at once: not as it is with ten seconds each
const REACHED = TROUBLE.filter(([what]) => what !== 'has no such name')

describe.each(REACHED)('over hundreds of drains to a receiver that %s', (_, start) => {
  test('memory does not grow', { timeout: 60_000 }, async () => {
    setFlagsFromString('--expose-gc')
    const gc = runInNewContext('gc') as () => void
    const sender = senderTo(await start(), { maxQueueBytes: 64 * 1024, timeoutMs: 20 })
    const some = bodies(200)
    const heapAfter = async (drains: number) => {
      for (let i = 0; i < drains; i++) await sender.send(some)
      // what the first round frees outside the heap is only accounted for by the second
      for (let round = 0; round < 2; round++) {
        await new Promise((resolve) => setImmediate(resolve))
        gc()
      }
      const { heapUsed, external } = process.memoryUsage()
      return heapUsed + external
    }
    const before = await heapAfter(100)
    const after = await heapAfter(400)
    expect(after - before).toBeLessThan(2 * 1024 ** 2)
  })
})

test('nothing is sent or kept after close', async () => {
  const receiver = await receiverOf()
  const sender = senderTo(receiver.url)
  sender.close()
  await sender.send(bodies())
  await sender.flush(50)
  expect(receiver.requests).toEqual([])
  expect(sender.state().queuedBytes).toBe(0)
})
