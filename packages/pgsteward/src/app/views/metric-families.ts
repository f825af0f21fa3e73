// What /metrics publishes: the live metrics of each target, its findings, and what watching it costs.

import type { MetricFamily } from '../../export/prometheus-text.ts'
import type { PerformanceMetricsWire, TargetWire } from '../../model/wire.ts'
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
  ): MetricFamily => ({
    name,
    help,
    type: 'gauge',
    samples: targets.map((each) => ({ labels: labelsOf(each), value: value(each) })),
  })
  const counter = (name: string, help: string, value: (each: TargetMetrics) => number): MetricFamily => ({
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

/** Configured labels may not replace the target's own. */
function labelsOf({ target }: TargetMetrics): Readonly<Record<string, string>> {
  return { ...target.labels, target: target.id }
}
