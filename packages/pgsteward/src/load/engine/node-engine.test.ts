import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Worker } from 'node:worker_threads'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { type LoadRun, loadRunSchema, type RunMoment } from '../../model/load-run.ts'
import { type ScenarioInput, scenarioSchema } from '../../model/scenario.ts'
import { decodeLatencies, percentileMs } from '../../stats/latency-histogram.ts'
import type { LoadRequest, MeasuredRun } from '../engine.ts'
import { nodeEngine } from './node-engine.ts'

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) close(server)
})

function close(server: Server): void {
  server.close()
  server.closeAllConnections()
}

async function serve(handle: Handler): Promise<{ url: string; server: Server; seen: string[] }> {
  const seen: string[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => {
      body += chunk
    })
    request.on('end', () => {
      seen.push(`${request.method} ${request.url}`)
      handle(request, response, body)
    })
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server, seen }
}

const json = (response: ServerResponse, value: unknown, status = 200) => {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(value))
}

function scenario(over: Partial<ScenarioInput> = {}): ScenarioInput {
  return {
    id: 'test',
    title: 'Test',
    load: { model: 'closed', startUsers: 1, stages: [{ for: '1s', users: 1 }] },
    flows: [{ name: 'visit', steps: [{ path: '/' }, { pause: '20ms' }] }],
    ...over,
  }
}

async function run(
  input: ScenarioInput,
  target: string,
  over: Partial<LoadRequest> = {},
): Promise<MeasuredRun> {
  const measured = await nodeEngine.run({
    scenario: scenarioSchema.parse(input),
    target,
    timeScale: 1,
    loadScale: 1,
    threads: 1,
    env: {},
    seed: 1,
    signal: new AbortController().signal,
    onMoment: () => {},
    ...over,
  })
  // whatever happened, it is a run that can be kept
  loadRunSchema
    .omit({ id: true, environment: true, database: true, git: true, experiment: true })
    .parse(measured)
  return measured
}

const named = (measured: MeasuredRun, name: string) => measured.series.find((each) => each.name === name)
const reasons = ({ invalid }: Pick<LoadRun, 'invalid'>) => invalid.map(({ reason }) => reason)

describe('latencies count from the intended start (L3)', () => {
  /** The server stalls 200 ms of every second; each answer is noted by the arrival's number, so the truth needs no assumption. */
  test('p99 under a server that stalls is the truth of the schedule', async () => {
    const answeredAt: number[] = []
    const begin = performance.now()
    const { url } = await serve((request, response) => {
      const answer = () => {
        answeredAt[Number(request.url!.slice(1))] = performance.timeOrigin + performance.now()
        response.end('ok')
      }
      const phase = (performance.now() - begin) % 1000
      if (phase < 200) setTimeout(answer, 200 - phase)
      else answer()
    })
    const perSecond = 200
    const measured = await run(
      scenario({
        load: {
          model: 'open',
          startPerSecond: perSecond,
          stages: [{ for: '5s', perSecond }],
          sessions: 1,
        },
        flows: [{ name: 'visit', steps: [{ path: '/{{iteration}}', name: 'GET /' }] }],
      }),
      url,
    )
    const startMs = Date.parse(measured.startedAt)
    const truth = answeredAt.map((at, k) => at - (startMs + (k * 1000) / perSecond)).sort((a, b) => a - b)
    expect(truth).toHaveLength(5 * perSecond)
    const p99 = truth[Math.ceil(truth.length * 0.99) - 1]!
    expect(p99).toBeGreaterThan(150)
    const { percentiles, count, histogram, serviceHistogram } = named(measured, 'GET /')!
    expect(count).toBe(5 * perSecond)
    expect(percentiles.p99Ms!).toBeGreaterThan(p99 * 0.95)
    // a machine that froze our thread shows in how late arrivals were begun
    expect(percentiles.p99Ms!).toBeLessThan(p99 * 1.05 + measured.generator!.lagMaxMs)
    expect(decodeLatencies(histogram!).totalCount).toBe(count)
    expect(decodeLatencies(serviceHistogram!).totalCount).toBe(count)
    expect(measured.requests).toMatchObject({ offered: 1000, dropped: 0 })
  })
})

test('what is under way at the end is measured, and told apart: it is in no rate (L1)', async () => {
  const { url } = await serve((_, response) => {
    setTimeout(() => response.end('ok'), 600)
  })
  const { requests, series } = await run(
    scenario({
      load: { model: 'closed', stages: [{ for: '1s', users: 6 }] },
      flows: [{ name: 'slow', steps: [{ path: '/slow' }] }],
    }),
    url,
    { threads: 2 },
  )
  expect(requests.answeredLate).toBe(6)
  expect(requests.count).toBeGreaterThan(6)
  expect(decodeLatencies(series[0]!.histogram!).totalCount).toBe(requests.count)
})

test('percentiles and counts of several threads are of all requests together', async () => {
  const { url, seen } = await serve((request, response) => {
    setTimeout(() => response.end('ok'), request.url === '/slow' ? 60 : 0)
  })
  const measured = await run(
    scenario({
      load: { model: 'open', startPerSecond: 60, stages: [{ for: '2s', perSecond: 60 }], sessions: 4 },
      flows: [
        { name: 'quick', weight: 3, steps: [{ path: '/quick' }] },
        { name: 'slow', weight: 1, steps: [{ path: '/slow' }] },
      ],
    }),
    url,
    { threads: 3 },
  )
  const all = named(measured, 'all')!
  expect(measured.series[0]).toBe(all)
  expect(all.count).toBe(120)
  expect(seen).toHaveLength(120)
  const [quick, slow] = [named(measured, 'GET /quick')!, named(measured, 'GET /slow')!]
  expect(quick.count + slow.count).toBe(120)
  // a quarter by weight: 30, five standard deviations allowed
  expect(Math.abs(slow.count - 30)).toBeLessThan(24)
  const merged = decodeLatencies(quick.histogram!)
  merged.add(decodeLatencies(slow.histogram!))
  expect(all.percentiles.p95Ms).toBe(percentileMs(merged, 0.95))
  expect(all.windows!.count.reduce((sum, each) => sum + each, 0)).toBe(120)
  expect(measured.generator!.threads).toBe(3)
  expect(slow.feature).toBe('slow')
})

test('users keep their cookies, sign in once, and never see those of others', async () => {
  let signedIn = 0
  const wrong: string[] = []
  const { url } = await serve((request, response) => {
    if (request.url!.startsWith('/sign-in')) {
      signedIn++
      const user = request.url!.slice('/sign-in/'.length)
      response.setHeader('set-cookie', [`user=${user}; Path=/app; HttpOnly`, 'old=1; Max-Age=0; Path=/'])
      return response.end()
    }
    const [, cookie] = /^user=(\d+)$/.exec(request.headers.cookie ?? '') ?? []
    if (cookie !== request.url!.split('/').at(-1)) wrong.push(`${request.url} with ${request.headers.cookie}`)
    response.end()
  })
  await run(
    scenario({
      load: { model: 'closed', startUsers: 3, stages: [{ for: '1s', users: 3 }] },
      flows: [
        {
          name: 'visit',
          start: [{ method: 'POST', path: '/sign-in/{{user}}', name: 'sign in' }],
          steps: [{ path: '/app/{{user}}', name: 'app' }, { pause: '10ms' }],
        },
      ],
    }),
    url,
    { threads: 2 },
  )
  expect(wrong).toEqual([])
  expect(signedIn).toBe(3)
})

test('in the open model sessions sign in before the clock starts and are lent to arrivals', async () => {
  const { url, seen } = await serve((request, response) => {
    if (request.url === '/sign-in') return json(response, { token: `t${seen.length}` })
    json(response, {}, request.headers.authorization?.startsWith('Bearer t') === true ? 200 : 401)
  })
  const measured = await run(
    scenario({
      load: { model: 'open', startPerSecond: 40, stages: [{ for: '1s', perSecond: 40 }], sessions: 5 },
      flows: [
        {
          name: 'visit',
          start: [{ path: '/sign-in', extract: { token: { json: 'token' } } }],
          steps: [{ path: '/app', headers: { authorization: 'Bearer {{token}}' } }],
        },
      ],
    }),
    url,
  )
  expect(seen.filter((each) => each === 'GET /sign-in')).toHaveLength(5)
  expect(named(measured, 'GET /sign-in')).toBeUndefined()
  expect(named(measured, 'GET /app')).toMatchObject({ count: 40, errors: 0 })
  expect(reasons(measured)).not.toContain('too-many-errors')
})

test('virtual users that cannot sign in make the run invalid', async () => {
  const { url } = await serve((request, response) =>
    json(response, {}, request.url === '/sign-in' ? 401 : 200),
  )
  const measured = await run(
    scenario({
      load: { model: 'open', startPerSecond: 20, stages: [{ for: '1s', perSecond: 20 }], sessions: 2 },
      flows: [{ name: 'visit', start: [{ path: '/sign-in' }], steps: [{ path: '/app' }] }],
    }),
    url,
  )
  expect(reasons(measured)).toContain('too-many-errors')
  expect(measured.invalid.map(({ detail }) => detail).join()).toContain('2 virtual users')
})

test('what one answer holds goes into the next path, header, body and check', async () => {
  const bodies: unknown[] = []
  const { url, seen } = await serve((request, response, body) => {
    if (request.url === '/members')
      return json(response, { rows: [{ id: 17, name: 'Ann "A"' }], csrf: 'tok/en' })
    bodies.push(request.headers['content-type'] === 'application/json' ? JSON.parse(body) : body)
    json(
      response,
      { id: Number(/\d+/.exec(request.url!)?.[0]) },
      request.headers['x-csrf'] === 'tok/en' ? 200 : 403,
    )
  })
  const measured = await run(
    scenario({
      headers: { 'x-run': '{{env.RUN}}' },
      data: { member: [{ email: 'ann@example.org' }] },
      flows: [
        {
          name: 'visit',
          steps: [
            {
              path: '/members',
              extract: {
                memberId: { json: 'rows.*.id' },
                name: { json: 'rows.0.name' },
                csrf: { match: '"csrf":"([^"]+)"' },
              },
            },
            {
              method: 'POST',
              path: '/members/{{memberId}}?by={{csrf}}',
              headers: { 'x-csrf': '{{csrf}}' },
              json: { id: '{{memberId}}', name: '{{name}}', to: 'x-{{member.email}}' },
              checks: [
                { json: 'id', equals: 17 },
                { json: 'id', equals: 18 },
              ],
            },
            {
              method: 'PUT',
              path: '/members/{{memberId}}',
              headers: { 'x-csrf': '{{csrf}}' },
              form: { name: '{{name}}', a: 'b c' },
            },
            { pause: '50ms' },
          ],
        },
      ],
    }),
    url,
    { env: { RUN: 'r1' } },
  )
  expect(seen.slice(0, 3)).toEqual(['GET /members', 'POST /members/17?by=tok%2Fen', 'PUT /members/17'])
  expect(bodies.slice(0, 2)).toEqual([
    { id: 17, name: 'Ann "A"', to: 'x-ann@example.org' },
    'name=Ann%20%22A%22&a=b%20c',
  ])
  expect(measured.requests.errors).toBe(0)
  const [right, wrong] = measured.checks
  expect(right).toMatchObject({ name: 'POST /members/:memberId: id is 17', failed: 0 })
  expect(right!.passed).toBeGreaterThan(0)
  expect(wrong).toMatchObject({ passed: 0, failed: right!.passed })
})

test('chance, needs and repeat decide which steps are taken', async () => {
  const { url, seen } = await serve((request, response) =>
    json(response, { rows: request.url === '/none' ? [] : [{ id: 1 }], flag: true }),
  )
  const measured = await run(
    scenario({
      load: { model: 'closed', startUsers: 4, stages: [{ for: '1.5s', users: 4 }] },
      flows: [
        {
          name: 'visit',
          steps: [
            { path: '/none', extract: { first: { json: 'rows.*.id' } } },
            { path: '/left-out/{{first}}', needs: 'first' },
            { path: '/some', extract: { one: { json: 'rows.0.id' } } },
            { path: '/taken/{{one}}', needs: 'one' },
            { path: '/never', chance: 0 },
            { path: '/half', chance: 0.5 },
            { repeat: 3, steps: [{ path: '/thrice' }, { repeat: [0, 0], steps: [{ path: '/not-at-all' }] }] },
            { pause: ['1ms', '3ms'] },
          ],
        },
      ],
    }),
    url,
  )
  const count = (path: string) => seen.filter((each) => each === `GET ${path}`).length
  const iterations = count('/none')
  expect(iterations).toBeGreaterThan(8)
  expect(seen.some((each) => /left-out|never|not-at-all/.test(each))).toBe(false)
  // iterations under way at the end are cut at a step
  expect(iterations - count('/taken/1')).toBeLessThanOrEqual(4)
  expect(Math.abs(count('/thrice') - iterations * 3)).toBeLessThanOrEqual(12)
  expect(count('/half')).toBeGreaterThan(0)
  expect(count('/half')).toBeLessThan(iterations)
  expect(measured.requests.errors).toBe(0)
})

test('failures are counted by kind, their latencies left out, and too many make the run invalid', async () => {
  const { url } = await serve((request, response) => {
    if (request.url === '/ok') response.end()
    else if (request.url === '/busy') response.writeHead(503).end()
    else if (request.url === '/reset') request.socket.destroy()
    else if (request.url === '/moved') response.writeHead(302, { location: 'http://example.org/' }).end()
    // /late never answers
  })
  const measured = await run(
    scenario({
      flows: [
        {
          name: 'visit',
          steps: [
            { path: '/ok' },
            { path: '/busy' },
            { path: '/busy', name: 'expected', expect: [503] },
            { path: '/reset' },
            { path: '/moved' },
            { path: '/late', timeout: '120ms' },
            { path: '/gone/{{nothing}}' },
            { pause: '10ms' },
          ],
        },
      ],
    }),
    url,
  )
  expect(Object.keys(measured.requests.errorKinds).sort()).toEqual([
    '503',
    'no value for nothing',
    'reset',
    'timeout',
  ])
  expect(named(measured, 'expected')!.errors).toBe(0)
  expect(named(measured, 'GET /moved')!.errors).toBe(0)
  const late = named(measured, 'GET /late')!
  expect(late.errors).toBe(late.count)
  expect(late.percentiles.p50Ms).toBeNull()
  expect(decodeLatencies(late.histogram!).totalCount).toBe(0)
  expect(reasons(measured)).toEqual(['too-many-errors'])
  expect(measured.invalid[0]!.detail).toMatch(/503: \d+/)
})

test('arrivals that would be too many at once are dropped, counted, and make the run invalid', async () => {
  const { url } = await serve((_, response) => {
    setTimeout(() => response.end(), 400)
  })
  const measured = await run(
    scenario({
      load: {
        model: 'open',
        startPerSecond: 100,
        stages: [{ for: '1s', perSecond: 100 }],
        maxInFlight: 10,
        sessions: 1,
      },
      flows: [{ name: 'visit', steps: [{ path: '/' }] }],
    }),
    url,
  )
  const { dropped, offered, count } = measured.requests
  expect(offered).toBe(100)
  expect(dropped).toBeGreaterThan(50)
  expect(count + dropped).toBe(100)
  expect(reasons(measured)).toEqual(['dropped-arrivals'])
  expect(measured.ended).toBe('completed')
})

test('the warm-up is on the timeline and in nothing else', async () => {
  const { url, seen } = await serve((_, response) => response.end('four'))
  const measured = await run(
    scenario({
      warmUp: '1500ms',
      load: { model: 'open', startPerSecond: 40, stages: [{ for: '3s', perSecond: 40 }] },
      flows: [{ name: 'visit', steps: [{ path: '/' }] }],
    }),
    url,
  )
  expect(seen).toHaveLength(120)
  expect(measured.warmUpMs).toBe(1500)
  expect(measured.durationMs).toBe(1500)
  expect(measured.requests.offered).toBe(60)
  // what was on its way at the border may fall on either side of it
  expect(Math.abs(measured.requests.count - 60)).toBeLessThan(20)
  expect(measured.timeline.map(({ atMs }) => atMs)).toEqual([0, 1000, 1500, 2500])
  expect(named(measured, 'all')!.windows!.count).toHaveLength(2)
  expect(measured.requests.bytesReceived).toBe(4 * measured.requests.count)
})

test('users ramp up and down along the stages', async () => {
  const { url } = await serve((_, response) => response.end())
  const moments: RunMoment[] = []
  const measured = await run(
    scenario({
      load: {
        model: 'closed',
        stages: [
          { for: '1s', users: 10 },
          { for: '1s', users: 10 },
          { for: '1s', users: 0 },
        ],
      },
      flows: [{ name: 'visit', steps: [{ path: '/' }, { pause: '100ms' }] }],
    }),
    url,
    { onMoment: (moment) => moments.push(moment) },
  )
  expect(moments.map(({ users }) => users)).toEqual([5, 10, 5])
  expect(moments).toEqual(measured.timeline)
  const [up, full, down] = named(measured, 'all')!.windows!.count as [number, number, number]
  expect(full).toBeGreaterThan(up)
  expect(full).toBeGreaterThan(down)
})

test('an interrupted run ends soon, keeps what it measured and says so', async () => {
  const { url } = await serve((_, response) => response.end())
  const stop = new AbortController()
  const measured = await run(
    scenario({ load: { model: 'closed', startUsers: 2, stages: [{ for: '10m', users: 2 }] } }),
    url,
    {
      signal: stop.signal,
      onMoment: ({ atMs }) => {
        if (atMs >= 1000) stop.abort()
      },
    },
  )
  expect(measured.ended).toBe('interrupted')
  expect(reasons(measured)).toContain('interrupted')
  expect(measured.requests.count).toBeGreaterThan(0)
  expect(measured.durationMs).toBeLessThan(600_000)
  expect(measured.durationMs).toBeGreaterThanOrEqual(1900)
})

test('a target that is down at the start is told before anything is run', async () => {
  const { url, server } = await serve((_, response) => response.end())
  close(server)
  await expect(run(scenario(), url)).rejects.toMatchObject({ code: 'load-target-down', exitCode: 3 })
})

test('a target lost in mid-run ends the run, which keeps what it measured', async () => {
  const { url, server, seen } = await serve((_, response) => {
    response.end()
    if (seen.length === 20) close(server)
  })
  const measured = await run(
    scenario({ load: { model: 'closed', startUsers: 2, stages: [{ for: '5m', users: 2 }] } }),
    url,
    { threads: 2 },
  )
  expect(measured.ended).toBe('target-lost')
  expect(reasons(measured)).toContain('target-lost')
  expect(measured.requests.errorKinds.refused).toBeGreaterThan(0)
  const all = named(measured, 'all')!
  expect(all.count - all.errors).toBeGreaterThanOrEqual(18)
})

test('a threshold that stops ends the run, and the others are judged', async () => {
  const { url } = await serve((_, response) => response.writeHead(500).end())
  const measured = await run(
    scenario({
      load: { model: 'open', startPerSecond: 30, stages: [{ for: '10m', perSecond: 30 }] },
      flows: [{ name: 'visit', steps: [{ path: '/' }] }],
      thresholds: [
        { metric: 'requestsPerSecond', above: 1 },
        { metric: 'errorRatio', below: 0.5, stop: true },
        { metric: 'p95', below: '1s', of: 'GET /' },
      ],
    }),
    url,
  )
  expect(measured.ended).toBe('threshold')
  expect(measured.durationMs).toBeGreaterThanOrEqual(10_000)
  expect(measured.thresholds.map(({ isMet, value }) => [isMet, value === null])).toEqual([
    [true, false],
    [false, false],
    // nothing was measured, so nothing is met
    [false, true],
  ])
})

test('an iteration has one number, whatever else its session is lent to meanwhile', async () => {
  const { url, seen } = await serve((_, response) => {
    setTimeout(() => response.end(), 30)
  })
  await run(
    scenario({
      load: { model: 'open', startPerSecond: 50, stages: [{ for: '1s', perSecond: 50 }], sessions: 2 },
      flows: [
        {
          name: 'visit',
          steps: [
            { path: '/first/{{user}}/{{iteration}}', name: 'first' },
            { path: '/then/{{user}}/{{iteration}}', name: 'then' },
          ],
        },
      ],
    }),
    url,
  )
  const of = (step: string) =>
    seen.filter((each) => each.includes(step)).map((each) => each.replace(/.*(first|then)/, ''))
  expect(of('first')).toHaveLength(50)
  expect(new Set(of('first')).size).toBe(50)
  // the last ones are cut at a step
  expect(of('first')).toEqual(expect.arrayContaining(of('then')))
  expect(of('then').length).toBeGreaterThan(30)
})

test('users that never get an answer while signing in do not keep the run waiting', async () => {
  const { url } = await serve((request, response) => {
    if (request.url !== '/sign-in') response.end()
  })
  const measured = await run(
    scenario({
      load: { model: 'open', startPerSecond: 10, stages: [{ for: '1s', perSecond: 10 }], sessions: 2 },
      flows: [{ name: 'visit', start: [{ path: '/sign-in', timeout: '200ms' }], steps: [{ path: '/app' }] }],
    }),
    url,
  )
  expect(reasons(measured)).toContain('too-many-errors')
})

test('a thread that dies ends the run, which keeps what was measured until then', async () => {
  const { url } = await serve((_, response) => response.end())
  const workers = new Set<Worker>()
  const said = vi.spyOn(Worker.prototype, 'postMessage').mockImplementation(function (this: Worker, ...args) {
    workers.add(this)
    said.mockRestore()
    return this.postMessage(...args)
  })
  const measured = await run(
    scenario({ load: { model: 'closed', startUsers: 4, stages: [{ for: '5m', users: 4 }] } }),
    url,
    {
      threads: 2,
      onMoment: ({ atMs }) => {
        if (atMs >= 1000) for (const worker of workers) void worker.terminate()
      },
    },
  )
  expect(workers.size).toBe(1)
  expect(measured.ended).toBe('failed')
  expect(reasons(measured)).toContain('source-incomplete')
  expect(measured.requests.count).toBeGreaterThan(0)
})

test('a mistake in the scenario is told before anything is sent', async () => {
  const { url, seen } = await serve((_, response) => response.end())
  await expect(
    run(scenario({ flows: [{ name: 'visit', steps: [{ path: '/{{no such thing}}' }] }] }), url),
  ).rejects.toMatchObject({ code: 'scenario-invalid' })
  await expect(run(scenario({ warmUp: '2s' }), url)).rejects.toMatchObject({ code: 'scenario-invalid' })
  expect(seen).toEqual([])
})
