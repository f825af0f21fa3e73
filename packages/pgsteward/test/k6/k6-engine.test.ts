// The engine against a stand-in for k6 (there is none in the registries): our arguments, the pipe, how runs end. What the script does in
// k6 itself is held by its types and by k6-script.test.ts.

import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { LoadRequest } from '../../src/load/engine.ts'
import { k6Engine } from '../../src/load/k6/k6-engine.ts'
import type { RunMoment } from '../../src/model/load-run.ts'
import { type ScenarioInput, scenarioSchema } from '../../src/model/scenario.ts'
import { decodeLatencies, percentileMs } from '../../src/stats/latency-histogram.ts'

let dir = ''
let server: Server
let target = ''
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'pgsteward-test-k6-'))
  copyFileSync(join(import.meta.dirname, 'fake-k6.mjs'), join(dir, 'k6'))
  chmodSync(join(dir, 'k6'), 0o755)
  server = createServer((_, answer) => answer.end('{}'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  target = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.close()
  rmSync(dir, { recursive: true, force: true })
})

const TINY: ScenarioInput = {
  id: 'tiny',
  title: 'Tiny',
  load: { model: 'closed', startUsers: 5, stages: [{ for: '3s', users: 5 }] },
  flows: [{ name: 'read', steps: [{ path: '/members', feature: 'members' }] }],
  thresholds: [
    { metric: 'p95', of: 'members', below: 100 },
    { metric: 'p95', below: 5 },
  ],
  tags: { purpose: 'test' },
}

function run(plan: Record<string, unknown>, over: Partial<LoadRequest> = {}, scenario: ScenarioInput = TINY) {
  return k6Engine.run({
    scenario: scenarioSchema.parse(scenario),
    target,
    timeScale: 1,
    loadScale: 1,
    threads: 1,
    env: {
      PATH: `${dir}:${dirname(process.execPath)}:/usr/bin:/bin`,
      HOME: dir,
      FAKE_K6: JSON.stringify(plan),
      K6_VUS: '500',
      K6_OUT: 'cloud',
    },
    seed: 7,
    signal: new AbortController().signal,
    onMoment: () => undefined,
    ...over,
  })
}

test('L3: what k6 measures becomes a run with histograms by endpoint', async () => {
  const moments: RunMoment[] = []
  const measured = await run({ keepScript: join(dir, 'kept.ts') }, { onMoment: (each) => moments.push(each) })
  expect(measured).toMatchObject({
    engine: { name: 'k6', version: '2.2.0' },
    ended: 'completed',
    invalid: [],
    target,
    scenario: { id: 'tiny', model: 'closed', timeScale: 1, loadScale: 1 },
    requests: { count: 300, errors: 0, bytesReceived: 30_000, offered: null, dropped: 0 },
    checks: [{ name: 'GET /members: answered', passed: 300, failed: 0 }],
    tags: { purpose: 'test' },
  })
  const series = measured.series.find(({ name }) => name === 'GET /members')!
  expect(series).toMatchObject({ feature: 'members', count: 300, errors: 0, minMs: 10, maxMs: 19 })
  expect(percentileMs(decodeLatencies(series.histogram!), 0.5)).toBeCloseTo(14, 1)
  expect(measured.thresholds).toEqual([
    { text: 'p95 < 100 ms of members', value: expect.closeTo(19, 1), isMet: true },
    { text: 'p95 < 5 ms', value: expect.closeTo(19, 1), isMet: false },
  ])
  expect(measured.timeline.length).toBeGreaterThanOrEqual(3)
  expect(moments.length).toBeGreaterThanOrEqual(2)
  expect(readFileSync(join(dir, 'kept.ts'), 'utf8')).toContain(`__ENV.TARGET || '${target}'`)
})

test('a k6 of version 1 is asked in its own words', async () => {
  const measured = await run({ version: '1.5.0', summary: '--no-summary' })
  expect(measured.engine.version).toBe('1.5.0')
})

test('dropped iterations make the run invalid, with their number', async () => {
  const measured = await run(
    { dropped: 12 },
    {},
    {
      ...TINY,
      load: { model: 'open', startPerSecond: 100, stages: [{ for: '3s', perSecond: 100 }] },
    },
  )
  expect(measured.requests).toMatchObject({ offered: 312, dropped: 12 })
  expect(measured.invalid).toMatchObject([{ reason: 'dropped-arrivals' }])
})

test('failed requests are counted by status and left out of the latencies', async () => {
  const measured = await run({ errors: true })
  expect(measured.requests).toMatchObject({ count: 300, errors: 30, errorKinds: { 503: 30 } })
  expect(measured.invalid).toMatchObject([{ reason: 'too-many-errors' }])
  expect(decodeLatencies(measured.series[0]!.histogram!).totalCount).toBe(270)
})

test.each([
  [99, 'completed', []],
  [105, 'interrupted', ['interrupted']],
  [108, 'failed', ['source-incomplete']],
  [110, 'failed', ['source-incomplete']],
] as const)('code %i of a run that measured: %s', async (code, ended, reasons) => {
  const measured = await run({ code })
  expect(measured.ended).toBe(ended)
  expect(measured.invalid.map(({ reason }) => reason)).toEqual(reasons)
  expect(measured.requests.count).toBe(300)
})

test('a threshold that ended the run early is told from one that was judged at its end', async () => {
  const measured = await run(
    { code: 99, spanMs: 3000 },
    {},
    {
      ...TINY,
      load: { model: 'closed', startUsers: 5, stages: [{ for: '1m', users: 5 }] },
    },
  )
  expect(measured.ended).toBe('threshold')
})

test.each([97, 98, 100, 101, 104, 107])(
  'code %i before anything was measured is an error that says why',
  async (code) => {
    await expect(run({ failAtOnce: code })).rejects.toMatchObject({
      code: 'k6-unavailable',
      message: expect.stringContaining(`(${code})`),
      detail: expect.stringContaining('could not initialize'),
    })
  },
)

test('a k6 that is killed leaves what it had measured', async () => {
  const measured = await run({ killItself: true })
  expect(measured.ended).toBe('failed')
  expect(measured.invalid).toMatchObject([{ reason: 'out-of-memory' }])
  expect(measured.requests.count).toBeGreaterThanOrEqual(60)
})

test('Ctrl-C ends k6 and keeps what was measured', async () => {
  const stop = new AbortController()
  let moments = 0
  const measured = await run(
    { live: true, requests: 1_000_000, stay: true },
    {
      signal: stop.signal,
      onMoment: () => {
        moments += 1
        if (moments === 1) stop.abort()
      },
    },
  )
  expect(measured.ended).toBe('interrupted')
  expect(measured.invalid).toMatchObject([{ reason: 'interrupted' }])
  expect(measured.requests.count).toBeGreaterThan(0)
})

test('a target that is gone ends the run', async () => {
  const measured = await run({ live: true, requests: 1_000_000, stay: true, refused: true })
  expect(measured.ended).toBe('target-lost')
  expect(measured.invalid.map(({ reason }) => reason)).toContain('target-lost')
  expect(Object.keys(measured.requests.errorKinds)).toEqual(['refused'])
})

test('lines that cannot be read are counted', async () => {
  const measured = await run({ damage: true })
  expect(measured.invalid).toMatchObject([
    { reason: 'source-incomplete', detail: expect.stringContaining('1 lines') },
  ])
  expect(measured.requests.count).toBe(300)
})

test('without a k6 on the PATH it says what to do', async () => {
  await expect(run({}, { env: { PATH: '/usr/bin:/bin' } })).rejects.toMatchObject({
    code: 'k6-unavailable',
    message: 'there is no k6 on the PATH',
    hint: expect.stringContaining('Install it'),
  })
})

test('a target that does not answer is told before k6 is started', async () => {
  await expect(run({}, { target: 'http://127.0.0.1:9' })).rejects.toMatchObject({ code: 'load-target-down' })
})
