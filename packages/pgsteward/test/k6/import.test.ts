// Results of other tools read as runs. The samples of pgbench, autocannon and wrk are real; those of k6 and Artillery are made in their
// documented formats.

import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { importRun, importRuns } from '../../src/app/load/import-run.ts'
import { StewardError } from '../../src/model/error.ts'
import { type LoadRun, loadRunSchema } from '../../src/model/load-run.ts'
import { decodeLatencies, percentileMs } from '../../src/stats/latency-histogram.ts'
import { run as cli } from '../cli/run.ts'
import { csv, madeRequests, ndjson, STARTED_AT } from './make-points.ts'

let dir = ''
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'pgsteward-test-import-'))
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

let files = 0
function file(content: string | Buffer, name = 'file'): string {
  files += 1
  const path = join(dir, `${files}-${name}`)
  writeFileSync(path, content)
  return path
}
const sample = (name: string) => join(import.meta.dirname, 'samples', name)
const imported = async (path: string, request = {}): Promise<LoadRun> =>
  loadRunSchema.parse(await importRun(path, request))
const seriesOf = (run: LoadRun, name: string) => run.series.find((each) => each.name === name)!
const reasons = (run: LoadRun) => run.invalid.map(({ reason }) => reason)

/** As k6 computes it: linear between the two nearest order statistics. */
function k6Percentile(values: readonly number[], ratio: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  const at = ratio * (sorted.length - 1)
  const low = sorted[Math.floor(at)]!
  return low + (sorted[Math.ceil(at)]! - low) * (at - Math.floor(at))
}

describe('L6: k6 NDJSON', () => {
  const requests = madeRequests(4_000, 20)
  const text = ndjson(requests, {
    thresholds: {
      http_req_duration: ['p(95)<100', 'p(95)<10', 'avg<1000'],
      http_req_failed: ['rate<0.01'],
      checks: ['rate>0.9'],
      http_reqs: ['count>100', 'rate>1000'],
    },
  })

  test('every request is in the histograms, by endpoint and group', async () => {
    const run = await imported(file(text))
    expect(run).toMatchObject({
      engine: { name: 'k6' },
      target: 'http://127.0.0.1:3000',
      scenario: { id: 'api', model: 'closed' },
      requests: {
        count: 4_000,
        errors: 100,
        errorKinds: { 503: 100 },
        bytesReceived: 800_000,
        offered: 4_000,
      },
      checks: [{ name: 'status is 200', passed: 3_900, failed: 100 }],
      environment: { hostClass: 'unknown' },
    })
    expect(run.series.map(({ name, feature, count, errors }) => [name, feature, count, errors])).toEqual([
      ['all', null, 4_000, 100],
      ['GET /members', null, 2_000, 0],
      ['own_wait', 'own measures', 4_000, 0],
      ['POST /mails', 'office / mail', 2_000, 100],
    ])
    expect(decodeLatencies(run.series[0]!.histogram!).totalCount).toBe(3_900)
    expect(JSON.stringify(run)).not.toContain('secret')
  })

  test("percentiles are k6's own within the resolution of the histogram", async () => {
    const run = await imported(file(text))
    const good = requests.filter(({ status }) => status === 200)
    for (const [name, of] of [
      ['all', good],
      ['GET /members', good.filter((each) => each.name === 'GET /members')],
    ] as const) {
      const { percentiles } = seriesOf(run, name)
      const values = of.map(({ ms }) => ms)
      for (const [key, ratio] of [
        ['p50Ms', 0.5],
        ['p90Ms', 0.9],
        ['p95Ms', 0.95],
        ['p99Ms', 0.99],
      ] as const)
        expect(Math.abs(percentiles[key]! / k6Percentile(values, ratio) - 1)).toBeLessThan(0.002)
      expect(seriesOf(run, name).sumMs).toBeCloseTo(
        values.reduce((sum, ms) => sum + ms, 0),
        3,
      )
    }
  })

  test('windows and the course are by second, from the first request on', async () => {
    const run = await imported(file(text))
    expect(run.startedAt).toBe(new Date(Math.floor(requests[0]!.atMs - requests[0]!.ms)).toISOString())
    expect(run.durationMs).toBeCloseTo(20_000, -2)
    expect(run.timeline).toHaveLength(21)
    expect(run.timeline[3]).toMatchObject({ atMs: 3000, requestsPerSecond: 200, errors: 5, users: 3 })
    const { windows } = run.series[0]!
    expect(windows!.count.reduce((sum, count) => sum + count, 0)).toBe(4_000)
    expect(windows!.p50Ms[5]).toBeGreaterThan(5)
  })

  test('its thresholds are judged as k6 judges them', async () => {
    const run = await imported(file(text))
    expect(run.thresholds).toMatchObject(
      [
        { text: 'http_req_duration: p(95)<100', isMet: true, unit: 'ms' },
        { text: 'http_req_duration: p(95)<10', isMet: false, unit: 'ms' },
        { text: 'http_req_duration: avg<1000', isMet: true },
        { text: 'http_req_failed: rate<0.01', isMet: false, value: 0.025, unit: 'ratio' },
        { text: 'checks: rate>0.9', isMet: true },
        { text: 'http_reqs: count>100', isMet: true, value: 4_000, unit: 'count' },
        { text: 'http_reqs: rate>1000', isMet: false, unit: 'perSecond' },
      ].sort((a, b) => order(run, a.text) - order(run, b.text)),
    )
  })
  const order = (run: LoadRun, text: string) => run.thresholds.findIndex((each) => each.text === text)

  test('a warm-up is left out of everything but the course', async () => {
    const run = await imported(file(text), { warmUpMs: 5_000 })
    expect(run.warmUpMs).toBe(5_000)
    expect(run.durationMs).toBeCloseTo(15_000, -2)
    expect(Math.abs(run.requests.count - 3_000)).toBeLessThan(50)
    expect(run.timeline).toHaveLength(21)
  })

  test('gzipped it is the same run, id included', async () => {
    const plain = await imported(file(text))
    expect(await imported(file(gzipSync(text), 'looks-like-nothing'))).toEqual(plain)
  })

  test('dropped iterations make it open and invalid', async () => {
    const run = await imported(file(ndjson(requests, { dropped: 40 })))
    expect(run.scenario.model).toBe('open')
    expect(run.requests).toMatchObject({ dropped: 40, offered: 4_040 })
    expect(reasons(run)).toContain('dropped-arrivals')
  })

  test('parts of runners merge into the run of all, percentiles and windows included', async () => {
    const whole = await imported(file(text))
    const part = (which: number) => file(ndjson(requests.filter((_, at) => at % 3 === which)), 'part')
    const [merged] = await importRuns([part(0), part(1), part(2)], { merge: true })
    expect(merged!.series.map(({ name, count }) => [name, count]).sort()).toEqual(
      whole.series.map(({ name, count }) => [name, count]).sort(),
    )
    for (const { name, percentiles, windows } of whole.series) {
      expect(seriesOf(merged!, name).percentiles).toEqual(percentiles)
      expect(seriesOf(merged!, name).windows!.count.reduce((a, b) => a + b, 0)).toBe(
        windows!.count.reduce((a, b) => a + b, 0),
      )
      expect(seriesOf(merged!, name).windows!.p50Ms.slice(1, 10)).toEqual(windows!.p50Ms.slice(1, 10))
    }
  })

  test('a scenario that is named gives identity and thresholds', async () => {
    const run = await imported(file(text), { scenario: 'conversation' })
    expect(run.scenario).toMatchObject({
      id: 'conversation',
      model: 'closed',
      hash: expect.stringMatching(/^[\da-f]{16}$/),
    })
    expect(run.thresholds.map(({ text: words }) => words)).toContain('errorRatio < 0.01')
  })

  test('without one, runs of the same endpoints have the same hash, and a name of its own decides for itself', async () => {
    const one = await imported(file(text))
    const other = await imported(file(ndjson(requests.slice(0, 1000))))
    expect(other.scenario.hash).toBe(one.scenario.hash)
    const named = await imported(file(text), { scenario: 'nightly' })
    const less = await imported(file(ndjson(requests.filter(({ name }) => name === 'GET /members'))), {
      scenario: 'nightly',
    })
    expect(less.scenario).toEqual(named.scenario)
    expect(named.scenario.hash).not.toBe(one.scenario.hash)
  })

  test('CSV of the same run has the same latencies, with times of whole seconds', async () => {
    const fromCsv = await imported(file(csv(requests)))
    const whole = await imported(file(text))
    for (const name of ['all', 'GET /members', 'POST /mails'])
      expect(seriesOf(fromCsv, name).percentiles).toEqual(seriesOf(whole, name).percentiles)
    expect(fromCsv.requests).toMatchObject({ count: 4_000, errors: 100, errorKinds: { 503: 100 } })
    expect(fromCsv.durationMs).toBeGreaterThanOrEqual(19_000)
  })
})

test('a script without names makes no endpoint of every URL', async () => {
  const requests = madeRequests(3_000, 5).map((each, at) => ({
    ...each,
    name: `GET http://127.0.0.1:3000/mails/${at}/parts/0f8fad5b-d9cb-469f-a165-70867728950e?x=${at}`,
  }))
  const run = await imported(file(ndjson(requests).replaceAll('"name":"GET http', '"name":"http')))
  expect(run.series.map(({ name }) => name)).toEqual(['all', 'GET /mails/:id/parts/:id', 'own_wait'])
})

describe('L6: summaries of k6', () => {
  test.each(['k6-summary-export.json', 'k6-handle-summary.json'])('%s', async (name) => {
    const run = await imported(sample(name))
    expect(run.requests).toMatchObject({
      count: 100,
      errors: 4,
      dropped: 7,
      offered: 57,
      bytesReceived: 12_345,
    })
    expect(run.series).toMatchObject([
      {
        name: 'all',
        count: 100,
        errors: 4,
        histogram: null,
        percentiles: { p50Ms: 19, p95Ms: 47.5, p99Ms: 57 },
      },
      { name: 'GET /members', histogram: null, percentiles: { p90Ms: 60 } },
    ])
    // in one shape true is crossed, in the other it is met
    expect(run.thresholds).toEqual(
      expect.arrayContaining([
        { text: 'http_req_duration{name:GET /members}: p(95)<50', value: 75, isMet: false, unit: 'ms' },
        { text: 'http_req_failed: rate<0.05', value: 0.04, isMet: true, unit: 'ratio' },
        { text: 'http_reqs: rate>5', value: 10, isMet: true, unit: 'perSecond' },
      ]),
    )
    expect(run.checks).toEqual([
      { name: 'made', passed: 75, failed: 25 },
      { name: 'listed', passed: 75, failed: 25 },
    ])
    expect(run.durationMs).toBeCloseTo(10_000, -1)
    expect(reasons(run)).toEqual(['source-incomplete', 'dropped-arrivals', 'too-many-errors'])
  })

  test('the machine-readable one has no p99 and no thresholds, and the script tells the model', async () => {
    const run = await imported(sample('k6-summary-v2.json'))
    expect(run).toMatchObject({
      engine: { name: 'k6', version: '2.2.0' },
      scenario: { model: 'open' },
      thresholds: [],
    })
    expect(run.series[0]).toMatchObject({ percentiles: { p50Ms: 19, p90Ms: 38, p95Ms: 47.5, p99Ms: null } })
    expect(run.requests).toMatchObject({ count: 100, errors: 4, dropped: 7 })
    expect(run.invalid[0]).toMatchObject({
      reason: 'source-incomplete',
      detail: expect.stringContaining('never compared'),
    })
  })
})

describe('L6: other tools', () => {
  test('autocannon: whole milliseconds, no p95, shown and never compared', async () => {
    const run = await imported(sample('autocannon.json'))
    expect(run).toMatchObject({
      engine: { name: 'autocannon' },
      startedAt: '2026-11-22T18:09:23.378Z',
      durationMs: 3060,
      scenario: { model: 'closed' },
      requests: { count: 2244, errors: 0 },
    })
    expect(run.series[0]).toMatchObject({ percentiles: { p50Ms: 5, p90Ms: 9, p95Ms: null, p99Ms: 29 } })
    expect(reasons(run)).toEqual(['source-incomplete'])
    expect((await imported(sample('autocannon-404.json'))).requests).toMatchObject({
      errors: 1312,
      errorKinds: { 404: 1312 },
    })
  })

  test('Artillery 2: endpoints, errors by kind, ten-second moments', async () => {
    const run = await imported(sample('artillery.json'))
    expect(run).toMatchObject({
      engine: { name: 'artillery' },
      scenario: { model: 'open' },
      durationMs: 19_900,
      requests: { count: 800, errors: 3, errorKinds: { 503: 2, timeout: 1 } },
    })
    expect(run.series.map(({ name }) => name)).toEqual(['all', '/mails', '/members'])
    expect(run.series[0]).toMatchObject({
      percentiles: { p50Ms: 15, p95Ms: 45.2, p99Ms: 98.5 },
      histogram: null,
    })
    expect(run.timeline.map(({ atMs, requestsPerSecond }) => [atMs, requestsPerSecond])).toEqual([
      [0, 40],
      [10_000, 40],
    ])
  })

  test('pgbench prints counts and means, for each script', async () => {
    const rate = await imported(sample('pgbench-rate.txt'))
    expect(rate).toMatchObject({
      engine: { name: 'pgbench', version: '15.18' },
      scenario: { id: 'tpc-b-sort-of', model: 'open' },
      durationMs: 3000,
      requests: { count: 495, offered: 577, dropped: 82 },
    })
    expect(rate.series[0]!.sumMs / 495).toBeCloseTo(8.443, 3)
    const scripts = await imported(sample('pgbench-scripts.txt'))
    expect(scripts.series.map(({ name, count }) => [name, count])).toEqual([
      ['all', 6577],
      ['a.sql', 4896],
      ['b.sql', 1681],
    ])
    expect(reasons(scripts)).toEqual(['source-incomplete'])
  })

  test("pgbench's log of transactions is whole, of several threads together", async () => {
    const [run] = await importRuns([sample('pgbench-log.thread1.txt'), sample('pgbench-log.thread2.txt')], {
      merge: true,
    })
    expect(run!.requests).toMatchObject({ count: 80, errors: 0, offered: null })
    expect(run!.invalid).toEqual([])
    const times = [1, 2]
      .flatMap((thread) =>
        readFileSync(sample(`pgbench-log.thread${thread}.txt`), 'utf8')
          .trim()
          .split('\n'),
      )
      .map((line) => Number(line.split(' ')[2]) / 1000)
      .sort((a, b) => a - b)
    expect(percentileMs(decodeLatencies(run!.series[0]!.histogram!), 0.5)! / times[39]!).toBeCloseTo(1, 2)
    expect(run!.series[0]!.maxMs).toBe(times.at(-1))
  })

  test('a log of pgbench with a rate has skipped and failed transactions', async () => {
    const log = `${readFileSync(sample('pgbench-log.rate.txt'), 'utf8')}0 9 skipped 0 1795370942 500 1000\n1 9 failed 0 1795370942 900 10\n1 10 serialization 0 1795370942 990 10\n`
    const run = await imported(file(log))
    expect(run.scenario.model).toBe('open')
    expect(run.requests).toMatchObject({
      count: 29,
      errors: 2,
      dropped: 34,
      errorKinds: { failed: 1, serialization: 1 },
    })
  })

  test("pgbench's aggregated log has no percentiles", async () => {
    const run = await imported(sample('pgbench-aggregate.txt'))
    expect(run.requests).toMatchObject({ count: 823, dropped: 143 })
    expect(run.series[0]).toMatchObject({
      histogram: null,
      percentiles: { p50Ms: null },
      maxMs: 315.631,
      minMs: 0.469,
    })
    expect(run.timeline).toHaveLength(4)
  })

  test('wrk and wrk2', async () => {
    expect((await imported(sample('wrk.txt'))).series[0]).toMatchObject({
      count: 1596,
      percentiles: { p50Ms: 4.93, p90Ms: 6.49, p95Ms: null, p99Ms: 10.74 },
      maxMs: 29.61,
    })
    const wrk2 = await imported(sample('wrk2.txt'))
    expect(wrk2).toMatchObject({
      scenario: { model: 'open' },
      requests: { errors: 5, errorKinds: { reset: 2, timeout: 3 } },
    })
    expect(wrk2.series[0]!.percentiles).toEqual({ p50Ms: 0.95, p90Ms: 2.02, p95Ms: null, p99Ms: 182.27 })
  })

  test('a run of our own passes through, and several merge', async () => {
    const run = await imported(file(ndjson(madeRequests(1_000, 5))))
    expect(await imported(file(JSON.stringify(run)))).toEqual(run)
    const [merged] = await importRuns([file(JSON.stringify(run)), file(JSON.stringify(run))], { merge: true })
    expect(loadRunSchema.parse(merged)).toMatchObject({
      durationMs: run.durationMs,
      requests: { count: 2_000 },
    })
    expect(merged!.series[0]!.percentiles).toEqual(run.series[0]!.percentiles)
    expect(merged!.timeline[2]!.requestsPerSecond).toBe(400)
    expect(merged!.timeline[2]!.p95Ms).toBeNull()
  })

  test('percentiles of parts are never averaged', async () => {
    const [merged] = await importRuns([sample('wrk.txt'), sample('wrk.txt')], { merge: true })
    expect(merged!.series[0]!.percentiles).toEqual({ p50Ms: null, p90Ms: null, p95Ms: null, p99Ms: null })
  })
})

describe('damaged files', () => {
  const good = ndjson(madeRequests(200, 4))
  const lines = good.trimEnd().split('\n')
  const refused = (content: string | Buffer) => importRun(file(content))

  test.each<[string, string | Buffer, RegExp]>([
    ['empty', '', /is empty/],
    ['only spaces', ' \n ', /is not a result/],
    ['binary', Buffer.from([1, 2, 0, 4, 255, 0, 7]), /is not text/],
    ['UTF-16', Buffer.from(`\ufeff${good}`, 'utf16le'), /UTF-16/],
    ['UTF-16 without a mark', Buffer.from(good, 'utf16le'), /UTF-16/],
    ['prose', 'Dear all,\nthis is no result.\n', /is not a result of a load tool/],
    ['JSON of something else', '{"name":"x"}', /is not a result of a load tool/],
    [
      'JSON that is cut',
      readFileSync(sample('artillery.json'), 'utf8').slice(0, 700),
      /line \d+ of .* is not JSON/,
    ],
    ['CSV of something else', 'time,value\n1,2\n', /is not a result of a load tool/],
    [
      'CSV without values',
      'metric_name,timestamp,check\nhttp_reqs,1,\n',
      /line 1 of .* has no column metric_value/,
    ],
    [
      'numbers as text',
      JSON.stringify({
        latency: { min: '1', max: 2, p50: 1 },
        requests: { total: 1 },
        throughput: {},
        duration: 1,
      }),
      /is not what autocannon writes/,
    ],
    ['no request', lines.slice(0, 5).join('\n'), /holds no HTTP request/],
    [
      'mostly other lines',
      `${lines.slice(0, 20).join('\n')}\n${'garbage\n'.repeat(20)}`,
      /line 21 of .* is not what k6 writes/,
    ],
    ['gzip that is cut', gzipSync(good).subarray(0, 600), /is damaged, or not compressed/],
    ['a run of ours of another version', '{"format":"pgsteward-run/9"}', /has the format "pgsteward-run\/9"/],
    ['a run of ours that was changed', '{"format":"pgsteward-run/1"}', /cannot be used/],
    [
      'half an output of pgbench',
      'pgbench (15.18)\ntransaction type: <builtin: TPC-B (sort of)>\n',
      /is not the whole output of pgbench/,
    ],
    [
      'half an output of wrk',
      'Running 2s test @ http://127.0.0.1:1/\n  1 threads and 5 connections\n',
      /is not the whole output of wrk/,
    ],
    [
      'a report of Artillery 1',
      '{"aggregate":{"requestsCompleted":1,"latency":{}},"intermediate":[]}',
      /Artillery 1/,
    ],
  ])('%s', async (_, content, message) => {
    await expect(refused(content)).rejects.toMatchObject({
      code: 'run-file',
      message: expect.stringMatching(message),
    })
  })

  test('a folder, and a file that is not there', async () => {
    mkdirSync(join(dir, 'folder'))
    await expect(importRun(join(dir, 'folder'))).rejects.toMatchObject({
      code: 'run-file',
      message: /is a folder/,
    })
    await expect(importRun(join(dir, 'nothing'))).rejects.toMatchObject({
      code: 'run-file',
      message: /there is no file/,
    })
  })

  test('a line that is cut at the end is left out and said', async () => {
    const run = await imported(file(`${good}{"metric":"http_req_duration","type":"Po`))
    expect(run.requests.count).toBe(200)
    expect(run.invalid).toContainEqual({
      reason: 'interrupted',
      detail: expect.stringContaining('the last line'),
    })
  })

  test('single damaged lines in the middle are counted, with the first', async () => {
    const damaged = [...lines.slice(0, 100), '{"metric":"http_req_duration"', ...lines.slice(100)]
    const run = await imported(file(`${damaged.join('\r\n')}\r\n`))
    expect(run.requests.count).toBe(200)
    expect(run.invalid).toContainEqual({
      reason: 'source-incomplete',
      detail: expect.stringMatching(/1 of \d+ lines .* line 101/),
    })
  })

  test('values that are none do not count', async () => {
    const path = file(good)
    const point = (value: unknown, tags: unknown = {}) =>
      `${JSON.stringify({ metric: 'http_req_duration', type: 'Point', data: { time: new Date(STARTED_AT + 500).toISOString(), value, tags } })}\n`
    appendFileSync(path, point('12') + point(-1) + point(null) + point(1, { name: 5 }) + point(3))
    const run = await imported(path)
    expect(run.requests.count).toBe(201)
    expect(run.invalid).toContainEqual({
      reason: 'source-incomplete',
      detail: expect.stringContaining('4 of'),
    })
  })

  test('files of different kinds are not merged', async () => {
    await expect(importRuns([file(good), sample('wrk.txt')], { merge: true })).rejects.toMatchObject({
      code: 'run-file',
      message: expect.stringContaining('are not of one kind'),
    })
  })

  const SOURCES = [
    good,
    csv(madeRequests(60, 3)),
    ...[
      'k6-summary-export.json',
      'k6-handle-summary.json',
      'k6-summary-v2.json',
      'autocannon.json',
      'artillery.json',
    ].map((name) => readFileSync(sample(name), 'utf8')),
    ...['pgbench-rate.txt', 'pgbench-log.rate.txt', 'pgbench-aggregate.txt', 'wrk.txt', 'wrk2.txt'].map(
      (name) => readFileSync(sample(name), 'utf8'),
    ),
  ]
  const mutation = fc.record({
    source: fc.nat(SOURCES.length - 1),
    cuts: fc.array(
      fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(40), fc.string({ maxLength: 12 })),
      { maxLength: 6 },
    ),
    end: fc.double({ min: 0.02, max: 1, noNaN: true }),
  })

  test('whatever is broken, it ends in a run that is valid as data or in an error that says why', async () => {
    await fc.assert(
      fc.asyncProperty(mutation, async ({ source, cuts, end }) => {
        let text = SOURCES[source]!
        text = text.slice(0, Math.ceil(text.length * end))
        for (const [place, length, put] of cuts) {
          const at = Math.floor(place * text.length)
          text = text.slice(0, at) + put + text.slice(at + length)
        }
        await endsWell(text)
      }),
      { numRuns: 200 },
    )
  })

  test('so do numbers, lists and texts in the place of others', async () => {
    const odd = fc.constantFrom<unknown>(null, -1, 1e308, 0, '', 'x', [], {}, true, 0.5)
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...SOURCES.slice(2, 7)),
        fc.array(fc.tuple(fc.nat(200), odd), { minLength: 1, maxLength: 4 }),
        async (source, changes) => {
          const document = JSON.parse(source) as object
          for (const [which, value] of changes) replaceAt(document, which, value)
          await endsWell(JSON.stringify(document))
        },
      ),
      { numRuns: 200 },
    )
  })

  async function endsWell(content: string) {
    const path = join(dir, 'fuzz')
    writeFileSync(path, content)
    try {
      loadRunSchema.parse(await importRun(path))
    } catch (error) {
      if (!(error instanceof StewardError) || error.code !== 'run-file') throw error
    }
  }

  function replaceAt(document: object, which: number, value: unknown) {
    const places: [object, string][] = []
    const walk = (at: object) => {
      for (const [name, inner] of Object.entries(at)) {
        places.push([at, name])
        if (typeof inner === 'object' && inner !== null) walk(inner)
      }
    }
    walk(document)
    const [owner, name] = places[which % places.length]!
    Object.assign(owner, { [name]: value })
  }
})

describe('load import', () => {
  test('Z: --json prints the run alone; several files are a list', async () => {
    const one = await cli('load', 'import', sample('wrk.txt'), '--json')
    expect(one).toMatchObject({ exitCode: 0, note: '' })
    expect(loadRunSchema.parse(JSON.parse(one.out)).engine.name).toBe('wrk')
    const several = await cli('load', 'import', sample('wrk.txt'), sample('autocannon.json'), '--json')
    expect(JSON.parse(several.out)).toHaveLength(2)
  })

  test('people get the figures, and are told what must not be done with them', async () => {
    const { out } = await cli('load', 'import', sample('k6-handle-summary.json'))
    expect(out).toContain('never compared')
    expect(out).toMatch(/crossed\s+http_req_duration\{name:GET \/members\}: p\(95\)<50\s+75 ms/)
  })

  test('--out writes the run, and it reads back', async () => {
    const out = join(dir, 'run.json')
    const { exitCode, note } = await cli('load', 'import', file(ndjson(madeRequests(100, 2))), '--out', out)
    expect(exitCode).toBe(0)
    expect(note).toContain('run.json')
    expect((await imported(out)).requests.count).toBe(100)
  })

  test('a file that cannot be read ends with 2, and with --json as JSON', async () => {
    const { exitCode, out } = await cli('load', 'import', join(dir, 'nothing'), '--json')
    expect(exitCode).toBe(2)
    expect(JSON.parse(out).error.code).toBe('run-file')
    expect((await cli('load', 'import')).exitCode).toBe(2)
    expect((await cli('load', 'import', sample('wrk.txt'), '--warm-up', 'soon')).exitCode).toBe(2)
  })
})
