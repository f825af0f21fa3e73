// What /metrics publishes: the live metrics of each target, its findings, and what watching it costs.

import type { MetricFamily, NumberFamily } from '../../export/metric-family.ts'
import { type IndexRow, indexes } from '../../facts/indexes.ts'
import type { PerformanceMetricsWire, SlowStatementWire, TargetWire } from '../../model/wire.ts'
import { summaryOf } from '../../sql/fingerprint.ts'
import { rowsOf } from '../reading.ts'
import type { TargetState } from '../watcher.ts'

export interface TargetMetrics {
  readonly target: TargetWire
  readonly metrics: PerformanceMetricsWire
  readonly state: TargetState
}

export function metricFamilies(targets: readonly TargetMetrics[]): readonly MetricFamily[] {
  const gauge = (
    name: string,
    help: string,
    value: (each: TargetMetrics) => number | null,
  ): NumberFamily => ({
    name,
    help,
    type: 'gauge',
    samples: targets.map((each) => ({ labels: labelsOf(each), value: value(each) })),
  })
  const counter = (name: string, help: string, value: (each: TargetMetrics) => number): NumberFamily => ({
    ...gauge(name, help, value),
    type: 'counter',
  })
  const split = (
    name: string,
    help: string,
    label: string,
    values: (each: TargetMetrics) => Readonly<Record<string, number>>,
  ): MetricFamily => ({
    name,
    help,
    type: 'gauge',
    samples: targets.flatMap((each) =>
      Object.entries(values(each)).map(([key, value]) => ({
        labels: { ...labelsOf(each), [label]: key },
        value,
      })),
    ),
  })
  return [
    gauge('pgsteward_target_up', 'Whether the last reading of the target succeeded.', ({ target }) =>
      target.status === 'up' ? 1 : 0,
    ),
    split(
      'pgsteward_connections',
      'Client connections by state.',
      'state',
      ({ metrics: { connections } }) => ({
        active: connections.active,
        idle: connections.idle,
        idle_in_transaction: connections.idleInTransaction,
      }),
    ),
    gauge(
      'pgsteward_connections_waiting',
      'Client connections that wait for a lock.',
      ({ metrics }) => metrics.connections.waiting,
    ),
    gauge(
      'pgsteward_connections_usable',
      'Connections that ordinary roles may have together.',
      ({ metrics }) => metrics.connections.usable,
    ),
    gauge(
      'pgsteward_queries_per_second',
      'Statements executed, over the interval.',
      ({ metrics }) => metrics.queriesPerSecond,
    ),
    gauge(
      'pgsteward_transactions_per_second',
      'Transactions ended, over the interval.',
      ({ metrics }) => metrics.transactionsPerSecond,
    ),
    gauge(
      'pgsteward_cache_hit_ratio',
      'Shared blocks found in the cache, over the interval.',
      ({ metrics }) => metrics.cacheHitRatio,
    ),
    gauge(
      'pgsteward_index_usage_ratio',
      "Index scans' share of all scans, over the interval.",
      ({ metrics }) => metrics.indexUsageRatio,
    ),
    gauge(
      'pgsteward_database_size_bytes',
      'Size of the database on disk.',
      ({ metrics }) => metrics.databaseBytes,
    ),
    {
      name: 'pgsteward_table_size_bytes',
      help: 'Size of the ten largest tables with their indexes and TOAST.',
      type: 'gauge',
      samples: targets.flatMap((each) =>
        each.metrics.tables.map(({ schema, name, totalBytes }) => ({
          labels: { ...labelsOf(each), schema, table: name },
          value: totalBytes,
        })),
      ),
    },
    {
      name: 'pgsteward_index_size_bytes',
      help: 'Size of the twenty largest indexes.',
      type: 'gauge',
      samples: targets.flatMap((each) =>
        largestIndexes(each).map(({ schema, table, name, sizeBytes }) => ({
          labels: { ...labelsOf(each), schema, table, index: name },
          value: sizeBytes,
        })),
      ),
    },
    ...statementFamilies(targets),
    split('pgsteward_findings', 'Open findings by severity.', 'severity', ({ target }) => target.findings),
    counter(
      'pgsteward_collection_rounds_total',
      'Rounds of collection since this process began.',
      ({ state }) => state.rounds,
    ),
    counter(
      'pgsteward_collection_statements_total',
      'Statements sent to the target for collection.',
      ({ state }) => state.totalCost.statements,
    ),
    counter(
      'pgsteward_collection_rows_total',
      'Rows received from the target for collection.',
      ({ state }) => state.totalCost.rows,
    ),
    counter(
      'pgsteward_collection_bytes_total',
      'Bytes received from the target for collection.',
      ({ state }) => state.totalCost.bytes,
    ),
    counter(
      'pgsteward_collection_seconds_total',
      'Time spent collecting from the target.',
      ({ state }) => state.totalCost.tookMs / 1000,
    ),
  ]
}

/** Gauges: which ten they are changes, and a counter of one that comes and goes would fall. */
function statementFamilies(targets: readonly TargetMetrics[]): readonly NumberFamily[] {
  const family = (
    name: string,
    help: string,
    value: (statement: SlowStatementWire) => number | null,
  ): NumberFamily => ({
    name: `pgsteward_statement_${name}`,
    help: `${help}, of the ten statements that took most time in the last hour.`,
    type: 'gauge',
    samples: targets.flatMap((each) =>
      each.metrics.slowestStatements.map((statement) => ({
        labels: {
          ...labelsOf(each),
          database: statement.database,
          user: statement.user,
          query_id: statement.queryId,
          summary: summaryOf(statement.text).summary,
        },
        value: value(statement),
      })),
    ),
  })
  return [
    family('calls_per_second', 'Calls', ({ callsPerSecond }) => callsPerSecond),
    family('mean_seconds', 'Time a call', ({ meanExecMs }) => meanExecMs / 1000),
    family('time_ratio', 'Share of the time of all statements', ({ timeShare }) => timeShare),
    family('cache_hit_ratio', 'Blocks found in the cache', ({ cacheHitRatio }) => cacheHitRatio),
  ]
}

function largestIndexes({ state }: TargetMetrics): readonly IndexRow[] {
  return [...(rowsOf(state.snapshot, indexes) ?? [])].sort((a, b) => b.sizeBytes - a.sizeBytes).slice(0, 20)
}

/** Configured labels may not replace the target's own. */
function labelsOf({ target }: TargetMetrics): Readonly<Record<string, string>> {
  return { ...target.labels, target: target.id }
}
