import { expect, test } from 'vitest'
import { ago, NOW } from '../../test/judge.ts'
import type { Memory } from '../model/fact.ts'
import { transactionIdRates } from './transaction-id-rates.ts'

const MINUTE = 60_000

/** A store that holds these points of ids a second by their age in minutes, and a hundredth of them as multixacts. */
const stored = (points: readonly (readonly [minutes: number, perSecond: number])[]) =>
  ({
    series: async (_target: string, name: string) => [
      {
        name,
        unit: 'perSecond',
        labels: {},
        points: points.map(([minutes, value]) => [
          ago(minutes * MINUTE),
          name.startsWith('multi') ? value / 100 : value,
        ]),
      },
    ],
  }) as unknown as Memory

const hourly = (hours: number, perSecond: (hour: number) => number) =>
  Array.from({ length: hours }, (_, hour) => [hour * 60 + 30, perSecond(hour)] as const)

test('is the mean over the hours of a day', async () => {
  const batch = hourly(24, (hour) => (hour === 12 ? 2_400 : 0))
  expect(await transactionIdRates.read(stored(batch), 'app', NOW)).toEqual({
    transactionIdsPerSecond: 100,
    multixactIdsPerSecond: 1,
    hours: 24,
  })
})

test('an hour of many points counts as one', async () => {
  const dense = Array.from({ length: 50 }, (_, minute) => [minute + 1, 700] as const)
  const rest = hourly(7, () => 0).slice(1)
  expect(await transactionIdRates.read(stored([...dense, ...rest]), 'app', NOW)).toMatchObject({
    transactionIdsPerSecond: 100,
    hours: 7,
  })
})

test('less than six hours are not enough to say', async () => {
  expect(await transactionIdRates.read(stored(hourly(5, () => 100)), 'app', NOW)).toBeNull()
  expect(await transactionIdRates.read(stored([]), 'app', NOW)).toBeNull()
})
