import { expect, test } from 'vitest'
import { memoryOf } from '../../../test/application/memory.ts'
import { judgedApplication, NOBODY, poolRow, readingOf } from '../../../test/application/rows.ts'
import { ago, judge, NOW } from '../../../test/judge.ts'
import { describeRule } from '../../../test/rule-series.ts'
import { type ApplicationPoolPeak, applicationPoolPeaks } from '../../facts/application-pool-peaks.ts'
import { oversizedPool } from './oversized-pool.ts'

const peak = (over: Partial<ApplicationPoolPeak> = {}): ApplicationPoolPeak => ({
  application: 'shop',
  pool: 'app',
  max: 10,
  processes: 2,
  applicationMax: 20,
  peakUsed: null,
  ...over,
})

const quiet = {
  'a pool of thirty': peak({ max: 30 }),
  'many processes with small pools': peak({ max: 10, processes: 8, applicationMax: 80 }),
}

test.each(Object.entries(quiet))('is quiet on %s', (_, row) => {
  expect(judge(oversizedPool, { pools: readingOf([row]) })).toEqual([])
})

test('is skipped where nobody reports', () => {
  expect(judge(oversizedPool, { pools: NOBODY })).toHaveProperty('skip')
})

test('finds more than thirty (N2), with what was really used', () => {
  const pools = readingOf([peak({ max: 100, applicationMax: 200, peakUsed: 7 })])
  expect(judge(oversizedPool, { pools })).toMatchObject([
    {
      subject: { kind: 'pool', application: 'shop', name: 'app' },
      severity: 'warning',
      evidence: [
        { label: 'most connections of a process', value: 100, unit: 'count' },
        { label: 'reported from', value: 31, unit: 'count' },
        { label: 'used at most within an hour', value: 7, unit: 'count' },
        { label: 'target', value: 20, unit: 'count' },
        { label: 'processes like this', value: 2, unit: 'count' },
        { label: 'connections that the application may open', value: 200, unit: 'count' },
      ],
    },
  ])
})

test('the peak is that of the pool over all processes, and read of large pools alone', async () => {
  const { max, used, ...rest } = poolRow()
  const remember = (size: number) => ({
    ...memoryOf({
      applications: [
        judgedApplication({
          instances: ['host/1', 'host/2'].map((instance) => ({
            instance,
            lastSeenAt: ago(5_000),
            pools: [
              { ...rest, max: size, used },
              { ...rest, pool: 'jobs', max: 4, used },
            ],
          })),
        }),
      ],
    }),
    series: async () => [
      { name: 'pool.used', unit: 'count' as const, labels: labels('app'), points: [at(30, 12), at(20, 31)] },
      { name: 'pool.used', unit: 'count' as const, labels: labels('jobs'), points: [at(20, 44)] },
    ],
  })
  expect(max).not.toBeNull()
  const { rows } = await applicationPoolPeaks.read(remember(40), 'shop', NOW)
  expect(rows).toEqual([
    { application: 'shop', pool: 'app', max: 40, processes: 2, applicationMax: 88, peakUsed: 31 },
    { application: 'shop', pool: 'jobs', max: 4, processes: 2, applicationMax: 88, peakUsed: null },
  ])
  const small = await applicationPoolPeaks.read(remember(20), 'shop', NOW)
  expect(small.rows.map(({ peakUsed }) => peakUsed)).toEqual([null, null])
})

const labels = (pool: string) => ({ application: 'shop', instance: 'host/1', pool })
const at = (minutesAgo: number, value: number) => [ago(minutesAgo * 60_000), value] as const

describeRule(oversizedPool, {
  facts: (max) => ({ pools: readingOf([peak({ max })]) }),
  fires: 31,
  between: null,
  calm: 30,
})
