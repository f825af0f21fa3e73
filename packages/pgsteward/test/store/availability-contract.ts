// What every store must keep of availability, as a suite that both backends run. Imported by tests only.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DEFAULT_SLO, type Probe, type ProbeAttempt } from '../../src/model/availability.ts'
import type { RetentionPolicy, Store } from '../../src/store/store.ts'
import { operation, report } from './application-report.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const T0 = Date.UTC(2026, 9, 5, 8, 0)
const at = (seconds: number) => new Date(T0 + seconds * SECOND)
const last = (ms: number, seconds: number) => ({ from: at(seconds - ms / SECOND), to: at(seconds) })

const KEEP: RetentionPolicy = {
  rawMs: 3 * DAY,
  hourlyMs: 35 * DAY,
  dailyMs: 400 * DAY,
  resolvedFindingsMs: 400 * DAY,
  slowQueriesMs: 30 * DAY,
  slowQueriesMaxBytes: 2 ** 30,
  maxBytes: null,
}

const probe = (over: Partial<Probe> = {}): Probe => ({
  kind: 'http',
  name: 'health',
  address: 'https://shop.example.com/health',
  everyMs: 30 * SECOND,
  slo: 0.999,
  ...over,
})

const attempt = (seconds: number, over: Partial<ProbeAttempt> = {}): ProbeAttempt => ({
  at: at(seconds),
  isUp: true,
  error: null,
  tookMs: 20,
  phases: { connect: 4, answer: 16 },
  status: 200,
  certificateExpiresAt: at(9_000_000),
  ...over,
})

const failed = (seconds: number, error = 'it answered 503') =>
  attempt(seconds, { isUp: false, error, status: 503, tookMs: 5 })

const requests = (count: number, errors: number) =>
  operation([], { kind: 'request', name: 'GET /members', route: null, fingerprint: null, count, errors })

export function availabilityContract(backend: { readonly open: () => Promise<Store> }): void {
  let store: Store
  let targets = 0
  beforeAll(async () => {
    store = await backend.open()
  })
  afterAll(() => store.close())

  /** A target with one probe, and these attempts of it. */
  const probed = async (attempts: readonly ProbeAttempt[], isPlanned = false) => {
    const target = `probed-${++targets}`
    await store.declareProbes(target, [probe()], at(0))
    for (const each of attempts) await store.saveProbeAttempt(target, probe(), each, isPlanned)
    return target
  }

  describe('availability (N5)', () => {
    test('of a target that is not known is empty', async () => {
      expect(await store.probes('nobody')).toEqual([])
      expect(await store.availability('nobody', [last(HOUR, 0), last(DAY, 0)])).toEqual([[], []])
      expect(await store.availabilityDays('nobody', last(DAY, 0))).toEqual([])
      expect(await store.outages('nobody', last(DAY, 0))).toEqual([])
    })

    test('a probe is known from its declaration on, with its last attempt', async () => {
      const target = await probed([])
      expect(await store.probes(target)).toEqual([
        { ...probe(), latest: null, failuresInARow: 0, failingSince: null, lastAt: null },
      ])
      for (const each of [attempt(30), failed(60), failed(65)])
        await store.saveProbeAttempt(target, probe(), each, false)
      expect(await store.probes(target)).toEqual([
        { ...probe(), latest: failed(65), failuresInARow: 2, failingSince: at(60), lastAt: at(65) },
      ])
    })

    test('an attempt stands for the time since the one before, and a gap for nothing', async () => {
      // two minutes of every 30 s, an hour without anybody, and one more
      const target = await probed([
        attempt(30),
        attempt(60),
        failed(90),
        failed(95),
        attempt(100),
        attempt(4_000),
      ])
      const sums = {
        kind: 'http',
        name: 'health',
        attempts: 6,
        failures: 2,
        coveredMs: 130 * SECOND,
        downMs: 35 * SECOND,
        plannedMs: 0,
        totalMs: 90,
        maxMs: 20,
      }
      const windows = [
        last(2 * HOUR, 4_001),
        last(3 * DAY, 4_001),
        last(90 * DAY, 4_001),
        last(MINUTE, 4_001),
      ]
      expect(await store.availability(target, windows)).toEqual([
        [sums],
        [sums],
        [sums],
        [expect.objectContaining({ attempts: 1, coveredMs: 30 * SECOND, downMs: 0 })],
      ])
      expect(await store.availabilityDays(target, last(2 * DAY, 4_001))).toEqual([
        { ...sums, at: new Date(Date.UTC(2026, 9, 5)) },
      ])
    })

    test('an outage begins with the first failure and ends with the first success', async () => {
      const target = await probed([attempt(30), failed(60), failed(65, 'no answer within 5 s')])
      const outage = { kind: 'http', name: 'health', startedAt: at(60), endedAt: null, failures: 2 }
      expect(await store.outages(target, last(HOUR, 70))).toEqual([
        { ...outage, error: 'no answer within 5 s', isPlanned: false },
      ])
      for (const each of [attempt(70), attempt(100), failed(130)])
        await store.saveProbeAttempt(target, probe(), each, false)
      expect(await store.outages(target, last(HOUR, 140))).toMatchObject([
        { startedAt: at(130), endedAt: null, failures: 1 },
        { ...outage, endedAt: at(70) },
      ])
      expect(await store.outages(target, { from: at(80), to: at(120) })).toEqual([])
    })

    test('an outage that nobody saw end was over when it was seen last', async () => {
      const target = await probed([failed(30), failed(60), attempt(9_000)])
      expect(await store.outages(target, last(HOUR, 9_001))).toEqual([])
      expect(await store.outages(target, last(DAY, 9_001))).toMatchObject([{ endedAt: at(60) }])
    })

    test('an outage that is still there after a gap goes on', async () => {
      const target = await probed([failed(30), failed(9_000), attempt(9_005)])
      expect(await store.outages(target, last(DAY, 9_010))).toMatchObject([
        { startedAt: at(30), endedAt: at(9_005), failures: 2 },
      ])
    })

    test('what fails in a planned window is told, and counts neither as up nor as down', async () => {
      const target = await probed([attempt(30), failed(60)], true)
      const [[sums]] = (await store.availability(target, [last(HOUR, 61)])) as [[object]]
      expect(sums).toMatchObject({ attempts: 0, coveredMs: 0, downMs: 0, plannedMs: 60 * SECOND })
      expect(await store.outages(target, last(HOUR, 61))).toMatchObject([{ isPlanned: true }])
      await store.saveProbeAttempt(target, probe(), failed(90), false)
      expect(await store.outages(target, last(HOUR, 91))).toMatchObject([{ isPlanned: false, failures: 2 }])
    })

    test('an attempt that comes late or twice changes nothing', async () => {
      const target = await probed([attempt(30), attempt(60), attempt(60), failed(45)])
      const [[sums]] = (await store.availability(target, [last(HOUR, 61)])) as [[object]]
      expect(sums).toMatchObject({ attempts: 2, failures: 0 })
    })

    test('a probe that is no longer configured is gone with its outage, and back with its past', async () => {
      const target = await probed([attempt(30), failed(60)])
      await store.declareProbes(target, [probe({ kind: 'database', name: 'database' })], at(70))
      expect((await store.probes(target)).map(({ kind }) => kind)).toEqual(['database'])
      expect(await store.outages(target, last(HOUR, 71))).toEqual([])
      await store.declareProbes(target, [probe({ slo: 0.99 })], at(80))
      expect(await store.probes(target)).toMatchObject([{ kind: 'http', slo: 0.99, failuresInARow: 0 }])
      expect(await store.outages(target, last(HOUR, 81))).toMatchObject([{ endedAt: at(60) }])
    })

    test('requests of an application count with their errors, once a report', async () => {
      const target = `probed-${++targets}`
      const digest = '5'.repeat(32)
      const told = report({ operations: [requests(90, 1), operation([5]), requests(10, 2)], digest })
      await store.saveReport(target, told, at(30))
      await store.saveReport(target, told, at(31))
      await store.saveReport(target, report(), at(32))
      expect(await store.probes(target)).toMatchObject([
        { kind: 'requests', name: 'messaging', slo: DEFAULT_SLO, latest: null, lastAt: at(30) },
      ])
      const [[sums]] = (await store.availability(target, [last(HOUR, 61)])) as [[object]]
      expect(sums).toMatchObject({ attempts: 100, failures: 3, coveredMs: 0 })
    })

    test('an application keeps the objective that was configured until it no longer is', async () => {
      const target = `probed-${++targets}`
      const configured = probe({ kind: 'requests', name: 'messaging', address: '', everyMs: 0, slo: 0.95 })
      await store.declareProbes(target, [configured], at(0))
      await store.saveReport(target, report({ operations: [requests(1, 0)] }), at(30))
      expect(await store.probes(target)).toMatchObject([{ slo: 0.95 }])
      await store.declareProbes(target, [configured, { ...configured, name: 'silent' }], at(50))
      expect(await store.probes(target)).toHaveLength(2)
      await store.declareProbes(target, [], at(60))
      expect(await store.probes(target)).toMatchObject([{ name: 'messaging', slo: DEFAULT_SLO }])
    })

    test('minutes go before hours, hours before days', async () => {
      const target = await probed([attempt(30), failed(60), attempt(90)])
      const read = async (now: Date) => {
        await store.applyRetention(KEEP, now)
        const until = at(120)
        const windows = [HOUR, 3 * DAY, 90 * DAY].map((ms) => ({
          from: new Date(until.getTime() - ms),
          to: until,
        }))
        return (await store.availability(target, windows)).map(([sums]) => sums?.attempts ?? 0)
      }
      expect(await read(at(120))).toEqual([3, 3, 3])
      expect(await read(new Date(T0 + 4 * DAY))).toEqual([0, 3, 3])
      expect(await read(new Date(T0 + 40 * DAY))).toEqual([0, 0, 3])
      expect(await store.outages(target, last(DAY, 120))).toHaveLength(1)
      await read(new Date(T0 + 402 * DAY))
      expect(await store.outages(target, last(DAY, 120))).toEqual([])
      expect(await store.probes(target)).toEqual([])
    })
  })
}
