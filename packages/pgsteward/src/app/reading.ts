// Typed access to what a snapshot holds of a fact.

import type { CounterFact, Interval, Snapshot, StateFact } from '../model/fact.ts'

/** Null when the fact is unavailable or has not been read. */
export function rowsOf<Row>(snapshot: Snapshot | null, fact: StateFact<Row>): readonly Row[] | null {
  const reading = snapshot?.readings.get(fact.id)
  return reading?.status === 'rows' ? (reading.rows as readonly Row[]) : null
}

/** Null when the fact is unavailable or has been read once only. */
export function intervalOf<Row>(snapshot: Snapshot | null, fact: CounterFact<Row>): Interval<Row> | null {
  const reading = snapshot?.readings.get(fact.id)
  return reading?.status === 'interval' ? (reading.interval as Interval<Row>) : null
}
