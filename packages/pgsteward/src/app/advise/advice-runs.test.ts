import { expect, test } from 'vitest'
import { adviceReport } from '../../../test/advice-rows.ts'
import type { AdviceRun } from '../../model/advice-run.ts'
import type { Store } from '../../store/store.ts'
import type { AdviceOrder, RunningAdvice } from './advice-process.ts'
import { AdviceRuns } from './advice-runs.ts'

const MINUTE = 60_000
const NOW = new Date('2026-03-10T12:00:00Z')
const ago = (minutes: number) => new Date(NOW.getTime() - minutes * MINUTE)

const run = (over: Partial<AdviceRun>): AdviceRun => ({
  id: '1',
  startedAt: ago(2),
  finishedAt: ago(1),
  status: 'done',
  because: null,
  workload: null,
  report: null,
  ...over,
})

interface Given {
  readonly latest?: AdviceRun
  readonly coveredMinutes?: number
  readonly enabled?: boolean
  readonly seek?: (order: AdviceOrder, running: RunningAdvice) => Promise<ReturnType<typeof adviceReport>>
}

function runsOf({ latest, coveredMinutes = 0, enabled = true, seek }: Given) {
  const told: string[] = []
  const store = {
    kind: 'embedded',
    latestAdviceRun: async () => latest ?? null,
    statementSums: async () => ({ totalExecMs: 0, calls: 0, seconds: coveredMinutes * 60 }),
    topStatements: async () => [],
    slowQueries: async () => [],
    startAdvice: async (targetId: string) => {
      told.push(`${targetId} starts`)
      return targetId
    },
    finishAdvice: async (id: string, { status, because }: AdviceRun) => {
      told.push(`${id} ${status}${because === null ? '' : `: ${because}`}`)
    },
  } as unknown as Store
  const runs = new AdviceRuns({
    store,
    config: {
      enabled,
      every: 24 * 60 * MINUTE,
      firstAfter: 15 * MINUTE,
      budget: '25%',
      atMost: 20,
      searchFor: MINUTE,
    },
    targets: ['a', 'b'].map((id) => ({ id, url: `postgres://db/${id}`, database: () => 'app' })),
    cacheDir: '/nowhere',
    now: () => NOW,
    run: seek ?? (async () => adviceReport([])),
  })
  return { runs, told }
}

test.each([
  ['the first waits for a history', { coveredMinutes: 5 }, ago(-10), /covers 15 min; it covers 5 min/],
  ['nothing read yet', {}, ago(-15), /no statements/],
  ['enough of it', { coveredMinutes: 20 }, NOW, null],
  ['a day after one that was done', { latest: run({}) }, ago(1 - 24 * 60), null],
  ['an hour after one that failed', { latest: run({ status: 'failed' }) }, ago(1 - 60), null],
  ['switched off', { enabled: false, coveredMinutes: 20 }, null, /advise\.enabled/],
] as const)('when the next is: %s', async (_name, given, nextAt, because) => {
  const state = await runsOf(given).runs.state('a')
  expect(state.nextAt).toEqual(nextAt)
  expect(state.because ?? '').toMatch(because ?? /^$/)
})

test('one at a time, others wait and say so; asked twice it is one', async () => {
  let release: () => void = () => undefined
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  let atOnce = 0
  const { runs, told } = runsOf({
    seek: async (_order, { onProgress }) => {
      atOnce += 1
      expect(atOnce).toBe(1)
      onProgress('12 candidates')
      await held
      atOnce -= 1
      return adviceReport([])
    },
  })
  runs.request('a')
  runs.request('b')
  runs.request('a')
  runs.request('unknown')
  await expect.poll(() => runs.state('a')).toMatchObject({ isRunning: true, progress: '12 candidates' })
  expect(await runs.state('b')).toMatchObject({ progress: 'waiting for the advice of another target' })
  release()
  await runs.settled()
  expect(told).toEqual(['a starts', 'a done', 'b starts', 'b done'])
})

test('a failure is told in its words, and the next target has its turn', async () => {
  const { runs, told } = runsOf({
    seek: async ({ url }) => {
      if (url.endsWith('/a')) throw new Error('the target refused the connection')
      return adviceReport([])
    },
  })
  runs.request('a')
  runs.request('b')
  await runs.settled()
  expect(told).toEqual(['a starts', 'a failed: the target refused the connection', 'b starts', 'b done'])
})

test('stopped, the one that runs is ended, and what waits does not start', async () => {
  const { runs, told } = runsOf({
    seek: (_order, { signal }) =>
      new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => reject(new Error('it was stopped'))),
      ),
  })
  runs.request('a')
  runs.request('b')
  await expect.poll(() => told).toEqual(['a starts'])
  await runs.stop()
  runs.request('a')
  await runs.settled()
  expect(told).toEqual(['a starts', 'a failed: pgsteward was stopped while it ran'])
})
