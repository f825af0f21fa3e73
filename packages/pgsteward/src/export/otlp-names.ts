// What our metrics are called in OpenTelemetry: by its semantic conventions, and by the collector's PostgreSQL receiver where ours mean
// the same. All others begin with `pgsteward.`.

import type { Labels } from './metric-family.ts'

export interface OtlpName {
  readonly name: string
  /** UCUM. */
  readonly unit: string
  /** Seconds, ratios and rates are doubles even where they are whole, so that a series keeps its type. */
  readonly isWhole: boolean
  /** A level that the receiver sends as a sum which may fall (an UpDownCounter). */
  readonly isUpDown: boolean
}

type Known = readonly [name: string, unit: string, isUpDown?: true]

const KNOWN: Readonly<Record<string, Known>> = {
  pgsteward_database_commits_total: ['postgresql.commits', '1'],
  pgsteward_database_rollbacks_total: ['postgresql.rollbacks', '1'],
  pgsteward_database_blocks_hit_total: ['postgresql.blks_hit', '{blks_hit}'],
  pgsteward_database_blocks_read_total: ['postgresql.blks_read', '{blks_read}'],
  pgsteward_database_rows_returned_total: ['postgresql.tup_returned', '{tup_returned}'],
  pgsteward_database_rows_fetched_total: ['postgresql.tup_fetched', '{tup_fetched}'],
  pgsteward_database_rows_inserted_total: ['postgresql.tup_inserted', '{tup_inserted}'],
  pgsteward_database_rows_updated_total: ['postgresql.tup_updated', '{tup_updated}'],
  pgsteward_database_rows_deleted_total: ['postgresql.tup_deleted', '{tup_deleted}'],
  pgsteward_database_temp_files_total: ['postgresql.temp_files', '{temp_file}'],
  pgsteward_database_temp_bytes_total: ['postgresql.temp.io', 'By'],
  pgsteward_database_deadlocks_total: ['postgresql.deadlocks', '{deadlock}'],
  pgsteward_database_statement_seconds_total: ['postgresql.query.execution.time', 's'],
  pgsteward_database_size_bytes: ['postgresql.db_size', 'By', true],
  pgsteward_table_size_bytes: ['postgresql.table.size', 'By', true],
  pgsteward_index_size_bytes: ['postgresql.index.size', 'By'],
  pgsteward_application_request_duration_seconds: ['http.server.request.duration', 's'],
  pgsteward_application_call_duration_seconds: ['http.client.request.duration', 's'],
  pgsteward_application_statement_duration_seconds: ['db.client.operation.duration', 's'],
  pgsteward_application_pool_connections: ['db.client.connection.count', '{connection}', true],
  pgsteward_application_pool_connections_max: ['db.client.connection.max', '{connection}', true],
  pgsteward_application_pool_waiting: ['db.client.connection.pending_requests', '{request}', true],
  // their units alone tell these apart
  pgsteward_collection_bytes_total: ['pgsteward.collection.io', 'By'],
  pgsteward_collection_seconds_total: ['pgsteward.collection.time', 's'],
  pgsteward_activity_bytes_total: ['pgsteward.activity.io', 'By'],
  process_cpu_seconds_total: ['process.cpu.time', 's'],
  process_resident_memory_bytes: ['process.memory.usage', 'By', true],
}

const GROUPS =
  /^(application|database|statement|table|index|connections|collection|activity|notification|finding|probe)_/

export function otlpNameOf(name: string): OtlpName {
  const [known, unit, isUpDown = false] = KNOWN[name] ?? derived(name)
  return { name: known, unit, isUpDown, isWhole: unit !== 's' && !/_(ratio|per_second)(_total)?$/.test(name) }
}

function derived(name: string): Known {
  const bare = name.replace(/_total$/, '')
  const unit = UNITS.find(([suffix]) => bare.endsWith(suffix))
  const without = unit === undefined ? bare : bare.slice(0, -unit[0].length)
  const [, own] = /^pgsteward_(.*)$/.exec(without) ?? []
  const dotted = own === undefined ? without.replace('_', '.') : `pgsteward.${own.replace(GROUPS, '$1.')}`
  return [dotted, unit?.[1] ?? '1']
}

const UNITS: readonly (readonly [suffix: string, unit: string])[] = [
  ['_timestamp_seconds', 's'],
  ['_seconds', 's'],
  ['_bytes', 'By'],
]

const ATTRIBUTES: Readonly<Record<string, string>> = {
  target: 'pgsteward.target',
  database: 'db.namespace',
  schema: 'postgresql.schema.name',
  table: 'db.collection.name',
  index: 'postgresql.index.name',
  query_id: 'postgresql.queryid',
  summary: 'db.query.summary',
  user: 'user.name',
  wait_event_type: 'postgresql.wait_event_type',
  instance: 'service.instance.id',
  pool: 'db.client.connection.pool.name',
  check: 'pgsteward.check',
}

/** The application is the resource, see otlp-metrics.ts. */
export function otlpAttributesOf(metric: string, labels: Labels): Labels {
  const attributes: Record<string, string> = {}
  for (const [label, value] of Object.entries(labels)) {
    if (label === 'application') continue
    if (label === 'route' || label === 'service') {
      const [, method, rest] = /^([A-Z]+) (.*)$/s.exec(value) ?? ['', '_OTHER', value]
      attributes['http.request.method'] = method!
      attributes[label === 'route' ? 'http.route' : 'server.address'] = rest!
    } else if (label === 'state' && metric === 'db.client.connection.count')
      attributes['db.client.connection.state'] = value
    else attributes[ATTRIBUTES[label] ?? label] = value
  }
  if (metric.startsWith('db.client.')) attributes['db.system.name'] = 'postgresql'
  return attributes
}
