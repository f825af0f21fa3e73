import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test, vi } from 'vitest'
import type { LoadRun, RunMoment } from '../../model/load-run.ts'
import { reporterTo } from './send-run.ts'

const UNDER_WAY = {
  id: 'r1',
  startedAt: '2026-11-22T12:00:00.000Z',
  scenario: { id: 'smoke', title: 'Smoke', hash: 'h', model: 'open' as const, timeScale: 1, loadScale: 1 },
  engine: { name: 'node' as const, version: '1' },
  target: 'http://me:secret@127.0.0.1:3000',
  plannedMs: 10_000,
  warmUpMs: 0,
}
const RUN = { id: 'r1' } as LoadRun
const moment = (atMs: number): RunMoment => ({
  atMs,
  offeredPerSecond: 10,
  users: null,
  requestsPerSecond: 10,
  errors: 0,
  p50Ms: 1,
  p95Ms: 2,
  p99Ms: 3,
})

interface Received {
  readonly path: string
  readonly token: string
  readonly body: Record<string, unknown>
}

const close: (() => void)[] = []
afterEach(() => {
  for (const each of close.splice(0)) each()
})

async function serverThat(answers: (response: ServerResponse, place: number) => void) {
  const received: Received[] = []
  const server = createServer(async (request: IncomingMessage, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    received.push({
      path: request.url ?? '',
      token: request.headers.authorization ?? '',
      body: JSON.parse(text),
    })
    answers(response, received.length - 1)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  close.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received }
}

const taken = (response: ServerResponse) => response.writeHead(202).end('{}')

test('moments go in one request at a time, those that came meanwhile together, then the run (L4)', async () => {
  const held: ServerResponse[] = []
  const { url, received } = await serverThat((response) => {
    if (held.length === 0) held.push(response)
    else taken(response)
  })
  const reporter = reporterTo(`${url}/`, 'the-token')
  reporter.begin(UNDER_WAY)
  for (const second of [1, 2, 3]) reporter.moment(moment(second * 1000))
  await vi.waitFor(() => expect(held).toHaveLength(1), 10_000)
  taken(held[0]!)
  await vi.waitFor(() => expect(received).toHaveLength(2), 10_000)
  expect(await reporter.done(RUN)).toBe(true)
  expect(received.map(({ path }) => path)).toEqual([
    '/api/v1/load/runs/r1/moments',
    '/api/v1/load/runs/r1/moments',
    '/api/v1/load/runs',
  ])
  expect(received.map(({ token }) => token)).toEqual(Array(3).fill('Bearer the-token'))
  expect(received[0]!.body).toMatchObject({ target: 'http://127.0.0.1:3000', moments: [{ atMs: 1000 }] })
  expect(received[1]!.body).toMatchObject({ moments: [{ atMs: 2000 }, { atMs: 3000 }] })
})

test('a server that is not there is told of once, and disturbs nothing', async () => {
  const { url } = await serverThat(taken)
  close.pop()!()
  const told: string[] = []
  const reporter = reporterTo(url, 'the-token', { onTrouble: (text) => told.push(text) })
  reporter.begin(UNDER_WAY)
  for (let second = 1; second <= 500; second += 1) reporter.moment(moment(second * 1000))
  await vi.waitFor(() => expect(told).toHaveLength(1), 10_000)
  reporter.moment(moment(501_000))
  expect(await reporter.done(RUN)).toBe(false)
  expect(told).toHaveLength(2)
  expect(told[0]).toContain('nothing listens there')
  expect(told[1]).toContain('nothing is lost')
})

test('moments that could not be sent go with the next, the oldest left out beyond two minutes', async () => {
  const { url, received } = await serverThat((response, place) =>
    place === 0 ? response.writeHead(503).end() : taken(response),
  )
  const told: string[] = []
  const reporter = reporterTo(url, 'the-token', { onTrouble: (text) => told.push(text) })
  reporter.begin(UNDER_WAY)
  reporter.moment(moment(0))
  await vi.waitFor(() => expect(told).toHaveLength(1), 10_000)
  for (let second = 1; second <= 200; second += 1) reporter.moment(moment(second * 1000))
  await vi.waitFor(() => {
    const sent = received.slice(1).flatMap(({ body }) => body.moments as RunMoment[])
    expect(sent.at(-1)?.atMs).toBe(200_000)
    expect(sent.length).toBeLessThanOrEqual(123)
  }, 10_000)
  expect(told).toHaveLength(1)
})

test('a refusal is final: its words are told, and nothing more is sent but the run', async () => {
  const { url, received } = await serverThat((response) =>
    response
      .writeHead(401)
      .end(JSON.stringify({ error: { message: 'this needs the ingest token', hint: 'Send it.' } })),
  )
  const told: string[] = []
  const reporter = reporterTo(url, 'wrong', { onTrouble: (text) => told.push(text) })
  reporter.begin(UNDER_WAY)
  reporter.moment(moment(1000))
  await vi.waitFor(() => expect(told).toHaveLength(1), 10_000)
  reporter.moment(moment(2000))
  expect(await reporter.done(RUN)).toBe(false)
  expect(received.map(({ path }) => path)).toEqual(['/api/v1/load/runs/r1/moments', '/api/v1/load/runs'])
  expect(told[1]).toContain('this needs the ingest token. Send it.')
})
