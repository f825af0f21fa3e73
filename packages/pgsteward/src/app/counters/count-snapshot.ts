// What one reading of a target adds to the counters: what its databases did and what their statements took, since the reading before.

import { databases } from '../../facts/databases.ts'
import { statements } from '../../facts/statements.ts'
import type { CounterFact, Interval, Snapshot } from '../../model/fact.ts'
import type { FirstCome } from './first-come.ts'
import type { CounterMetric, Tally } from './tally.ts'

type Labels = Readonly<Record<string, string>>

/** A cluster of tenants may have thousands; each has 13 series. */
const MOST_DATABASES = 30

const counter = (name: string, help: string): CounterMetric => ({
  name: `pgsteward_database_${name}_total`,
  help,
})

const OF_DATABASES = [
  ['commits', counter('commits', 'Transactions that were committed.')],
  ['rollbacks', counter('rollbacks', 'Transactions that were rolled back.')],
  ['blocksHit', counter('blocks_hit', 'Blocks found in the cache.')],
  ['blocksRead', counter('blocks_read', 'Blocks that were not in the cache.')],
  ['rowsReturned', counter('rows_returned', 'Rows that scans read.')],
  ['rowsFetched', counter('rows_fetched', 'Rows fetched by index scans.')],
  ['rowsInserted', counter('rows_inserted', 'Rows inserted.')],
  ['rowsUpdated', counter('rows_updated', 'Rows updated.')],
  ['rowsDeleted', counter('rows_deleted', 'Rows deleted.')],
  ['tempFiles', counter('temp_files', 'Temporary files that statements wrote.')],
  ['tempBytes', counter('temp_bytes', 'Bytes that statements wrote to temporary files.')],
  ['deadlocks', counter('deadlocks', 'Deadlocks that the server ended.')],
] as const

const CALLS = counter('statements', 'Statements executed, by pg_stat_statements.')
const SECONDS = counter('statement_seconds', 'Time spent executing statements, by pg_stat_statements.')
const ROWS = counter('statement_rows', 'Rows that statements returned or changed, by pg_stat_statements.')

/** `isNew`: whether a reading was not counted yet; a snapshot carries over what was not read again. */
export function countSnapshot(
  tally: Tally,
  admitted: FirstCome,
  labels: Labels,
  snapshot: Snapshot,
  isNew: (factId: string, at: Date) => boolean,
): void {
  const of = (database: string) => ({
    ...labels,
    database: admitted.admit(`databases of ${JSON.stringify(labels)}`, database, MOST_DATABASES),
  })
  for (const row of latestOf(snapshot, databases, isNew))
    for (const [name, metric] of OF_DATABASES) tally.add(metric, of(row.database), row[name])
  for (const row of latestOf(snapshot, statements, isNew)) {
    // what functions run inside is part of the statement that called them
    if (!row.isTopLevel) continue
    const database = of(row.database)
    tally.add(CALLS, database, row.calls)
    tally.add(SECONDS, database, row.totalExecMs / 1000)
    tally.add(ROWS, database, row.rows)
  }
}

function latestOf<Row>(
  snapshot: Snapshot,
  fact: CounterFact<Row>,
  isNew: (factId: string, at: Date) => boolean,
): readonly Row[] {
  const reading = snapshot.readings.get(fact.id)
  if (reading?.status !== 'interval' || !isNew(fact.id, reading.at)) return []
  return (reading.latest as Interval<Row>).rows
}
