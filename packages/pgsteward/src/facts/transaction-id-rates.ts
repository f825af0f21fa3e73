// Ids a second over the last day: ten minutes of a nightly batch say nothing of a week.

import { defineStoredFact, type Series } from '../model/fact.ts'
import type { Milliseconds } from '../model/units.ts'

const HOUR_MS: Milliseconds = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** Of less history a day's mean is that of one part of the day. */
const LEAST_HOURS = 6

export interface TransactionIdRates {
  readonly transactionIdsPerSecond: number
  readonly multixactIdsPerSecond: number
  /** Hours of the day of which something is known. */
  readonly hours: number
}

export const transactionIdRates = defineStoredFact<TransactionIdRates | null>({
  id: 'transaction-id-rates',
  title: 'Transaction ids and multixact ids a second, over a day; null where less than six hours are known',
  keptFor: 5 * 60_000,
  async read(memory, targetId, now) {
    const window = { from: new Date(now.getTime() - DAY_MS), to: now }
    const [transactions, multixacts] = await Promise.all(
      ['transactionIds.used', 'multixactIds.used'].map(async (name) =>
        meanOfHours(await memory.series(targetId, name, window)),
      ),
    )
    if (transactions === undefined || multixacts === undefined || transactions.hours < LEAST_HOURS)
      return null
    return {
      transactionIdsPerSecond: transactions.mean,
      multixactIdsPerSecond: multixacts.mean,
      hours: transactions.hours,
    }
  },
  withoutStore: null,
})

/** Hour by hour, since older points stand further apart than new ones. */
function meanOfHours(series: readonly Series[]): { readonly mean: number; readonly hours: number } {
  const byHour = Map.groupBy(
    series.flatMap(({ points }) => points),
    ([at]) => Math.floor(at.getTime() / HOUR_MS),
  )
  const means = [...byHour.values()].map((points) => mean(points.map(([, value]) => value)))
  return { mean: means.length === 0 ? 0 : mean(means), hours: means.length }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
