// Rows of facts for unit tests: ordinary values, of which a test names those that matter to it.

import type { ActivityRow } from '../src/facts/activity.ts'
import type { BlockingRow } from '../src/facts/blocking.ts'
import type { ColumnMentionRow } from '../src/facts/column-mentions.ts'
import type { DatabaseAgeRow } from '../src/facts/database-ages.ts'
import type { DatabaseRow } from '../src/facts/databases.ts'
import type { DisabledTriggerRow } from '../src/facts/disabled-triggers.ts'
import type { ForeignKeyRow } from '../src/facts/foreign-keys.ts'
import type { IndexDensityRow } from '../src/facts/index-densities.ts'
import type { IndexEstimateRow } from '../src/facts/index-estimates.ts'
import type { IndexRow } from '../src/facts/indexes.ts'
import type { PartitionKeysRow } from '../src/facts/partition-keys.ts'
import type { PartitionRow, RangePartitionsRow } from '../src/facts/range-partitions.ts'
import type { SequenceRow } from '../src/facts/sequences.ts'
import type { SettingRow } from '../src/facts/settings.ts'
import type { StatementTextRow } from '../src/facts/statement-texts.ts'
import type { StatementRow } from '../src/facts/statements.ts'
import type { TableActivityRow } from '../src/facts/table-activity.ts'
import type { TableColumnsRow } from '../src/facts/table-columns.ts'
import type { TableDensityRow } from '../src/facts/table-densities.ts'
import type { TableEstimateRow } from '../src/facts/table-estimates.ts'
import type { TableStatementRow } from '../src/facts/table-statements.ts'
import type { TableRow } from '../src/facts/tables.ts'
import type { UnvalidatedConstraintRow } from '../src/facts/unvalidated-constraints.ts'
import type { XminHolderRow } from '../src/facts/xmin-holders.ts'
import { columnUse } from '../src/sql/parse/column-use.ts'
import { loadParser } from '../src/sql/parse/parse-statements.ts'
import { traitsOf } from '../src/sql/parse/statement-traits.ts'
import { ago } from './judge.ts'

export function settingRow(over: Partial<SettingRow> & Pick<SettingRow, 'name' | 'value'>): SettingRow {
  return {
    unit: null,
    builtInValue: null,
    context: 'sighup',
    source: 'default',
    isSetByAlterSystem: false,
    needsRestart: false,
    ...over,
  }
}

/** An idle session of the application; ages are in milliseconds. */
export function activityRow(over: Partial<ActivityRow> = {}): ActivityRow {
  return {
    pid: 100,
    startedAt: ago(3_600_000),
    backendType: 'client backend',
    leaderPid: null,
    database: 'app',
    user: 'web',
    application: 'api',
    clientAddress: '10.0.0.7',
    state: 'idle',
    waitType: null,
    waitEvent: null,
    transactionAgeMs: null,
    queryAgeMs: null,
    stateAgeMs: 1000,
    transactionStartedAt: null,
    queryStartedAt: null,
    stateChangedAt: null,
    queryId: '1',
    query: 'select 1',
    xminAge: null,
    blockedBy: [],
    ...over,
  }
}

/** Session 200 waits for session 100, which is idle in its transaction. */
export function blockingRow(over: Partial<BlockingRow> = {}): BlockingRow {
  return {
    waitingPid: 200,
    waitingStartedAt: ago(3_600_000),
    waitingDatabase: 'app',
    waitingUser: 'web',
    waitingApplication: 'api',
    waitingQuery: 'update parcel set weight = 2 where id = 1',
    waitingQueryId: '2',
    waitedMs: 1000,
    lockType: 'transactionid',
    lockMode: 'ShareLock',
    relation: 'public.parcel',
    blockingPid: 100,
    blockingStartedAt: ago(3_600_000),
    blockingUser: 'web',
    blockingApplication: 'api',
    blockingState: 'idle in transaction',
    blockingQuery: 'update parcel set weight = 1 where id = 1',
    blockingQueryId: '1',
    blockingTransactionAgeMs: 120_000,
    blockingStateAgeMs: 110_000,
    blockingBackendType: 'client backend',
    blockerIsRoot: true,
    ...over,
  }
}

/** A plain btree on parcel (weight) of 20 MB that nothing scanned. `keyColumns` alone set the signatures too. */
export function indexRow(over: Partial<IndexRow> = {}): IndexRow {
  const name = over.name ?? 'parcel_weight_idx'
  const table = over.table ?? 'parcel'
  const keyColumns = over.keyColumns ?? ['weight']
  const using = `btree (${keyColumns.join(', ')})${over.predicate == null ? '' : ` WHERE ${over.predicate}`}`
  return {
    database: 'app',
    schema: 'public',
    table,
    name,
    method: 'btree',
    definition: `CREATE ${over.isUnique ? 'UNIQUE ' : ''}INDEX ${name} ON public.${table} USING ${using}`,
    constraintDefinition: null,
    keyColumns,
    includeColumns: [],
    keySignatures: keyColumns.map((column) => `${column} 1978 0 0`),
    predicate: null,
    isUnique: false,
    isPrimary: false,
    isExclusion: false,
    isValid: true,
    isReady: true,
    hasStorage: true,
    isPartOfPartitioned: false,
    isReplicaIdentity: false,
    isClustered: false,
    isBeingBuilt: false,
    referencedBy: 0,
    extension: null,
    fillfactor: null,
    sizeBytes: 20 * 1024 ** 2,
    reltuples: 1_000_000,
    tableRows: 1_000_000,
    scansSinceReset: 0,
    lastScanAt: null,
    ...over,
  }
}

/** parcel: a million rows, vacuumed and analyzed an hour ago, nothing since. */
export function tableRow(over: Partial<TableRow> = {}): TableRow {
  return {
    database: 'app',
    schema: 'public',
    name: 'parcel',
    kind: 'table',
    isPartition: false,
    isUnlogged: false,
    owner: 'web',
    extension: null,
    rows: 1_000_000,
    reltuples: 1_000_000,
    deadTuples: 0,
    modifiedSinceAnalyze: 0,
    insertedSinceVacuum: 0,
    lastVacuumAt: ago(3_600_000),
    lastAnalyzeAt: ago(3_600_000),
    vacuumsSinceReset: 0,
    autovacuumsSinceReset: 1,
    analyzesSinceReset: 1,
    writesSinceReset: 1_000_000,
    scansSinceReset: 1000,
    options: [],
    heapBytes: 100 * 1024 ** 2,
    toastBytes: 0,
    indexBytes: 40 * 1024 ** 2,
    tableBytes: 100 * 1024 ** 2,
    totalBytes: 140 * 1024 ** 2,
    frozenXidAge: 1000,
    multixactAge: 0,
    hasPrimaryKey: true,
    replicaIdentity: 'default',
    isPublishedForChanges: false,
    isAutovacuumOff: false,
    isAutovacuumOffForTable: false,
    vacuumThreshold: 200_050,
    analyzeThreshold: 100_050,
    isBeingVacuumed: false,
    ...over,
  }
}

/** An increase of parcel's counters: 100 index scans and nothing else. */
export function tableActivityRow(over: Partial<TableActivityRow> = {}): TableActivityRow {
  return {
    database: 'app',
    schema: 'public',
    name: 'parcel',
    sequentialScans: 0,
    sequentialRows: 0,
    indexScans: 100,
    indexRows: 100,
    inserts: 0,
    updates: 0,
    hotUpdates: 0,
    newPageUpdates: 0,
    deletes: 0,
    ...over,
  }
}

/** Increases of one statement; `calls` of 1 ms each unless said otherwise. */
export function statementRow(over: Partial<StatementRow> = {}): StatementRow {
  const calls = over.calls ?? 100
  return {
    queryId: '1',
    databaseId: '5',
    database: 'app',
    userId: '10',
    user: 'web',
    isTopLevel: true,
    calls,
    totalExecMs: calls,
    totalPlanMs: 0,
    rows: calls,
    sharedBlocksHit: calls * 4,
    sharedBlocksRead: 0,
    sharedBlocksDirtied: 0,
    sharedBlocksWritten: 0,
    tempBlocksRead: 0,
    tempBlocksWritten: 0,
    blockReadMs: 0,
    blockWriteMs: 0,
    walBytes: 0,
    jitMs: 0,
    meanExecMs: 1,
    maxExecMs: 1,
    statsSince: null,
    ...over,
  }
}

const parse = await loadParser()

export function statementTextRow(text: string, queryId = '1'): StatementTextRow {
  return { queryId, userId: '10', text, characters: text.length, traits: traitsOf(text, parse) }
}

/** A statement on parcel, called 100,000 times in the 40 days since pg_stat_statements was reset. */
export function tableStatementRow(text: string, over: Partial<TableStatementRow> = {}): TableStatementRow {
  return {
    queryId: '1',
    userId: '10',
    isTopLevel: true,
    calls: 100_000,
    tables: ['public.parcel'],
    use: columnUse(text, parse),
    countedSince: ago(40 * 86_400_000),
    evictions: 0,
    ...over,
  }
}

export function columnMentionRow(over: Partial<ColumnMentionRow> = {}): ColumnMentionRow {
  return {
    database: 'app',
    schema: 'public',
    table: 'parcel',
    column: 'place',
    by: 'view parcel_list',
    ...over,
  }
}

/** parcel, of 10,000 pages. `columns`: types by name, or whole columns. */
export function tableColumnsRow(
  over: Partial<Omit<TableColumnsRow, 'columns'>> & {
    readonly columns: Readonly<Record<string, string | Partial<TableColumnsRow['columns'][number]>>>
  },
): TableColumnsRow {
  return {
    database: 'app',
    schema: 'public',
    name: 'parcel',
    heapBytes: 10_000 * 8192,
    ...over,
    columns: Object.entries(over.columns).map(([name, column]) => ({
      name,
      type: 'text',
      averageWidth: 8,
      mayBeToasted: false,
      ...(typeof column === 'string' ? { type: column } : column),
    })),
  }
}

/** parcel, with an id and the time of sending over two years; nothing stands in the way. */
export function partitionKeysRow(over: Partial<PartitionKeysRow> = {}): PartitionKeysRow {
  const column = {
    isNotNull: true,
    isGenerated: false,
    nullShare: 0,
    correlation: 1,
    distinct: -1,
  }
  const days = (count: number) => ago(count * 86_400_000).getTime()
  return {
    database: 'app',
    schema: 'public',
    name: 'parcel',
    columns: [
      { ...column, name: 'id', type: 'bigint', buckets: [1, 15_000_000, 30_000_000] },
      {
        ...column,
        name: 'sent_at',
        type: 'timestamp with time zone',
        buckets: [days(730), days(547), days(365), days(182), days(0)],
      },
    ],
    referencedBy: [],
    unique: [],
    primaryKey: ['id'],
    views: 0,
    ...over,
  }
}

/** parcel, divided by month: January to June of 2026, three ahead of NOW, and a default one. */
export function rangePartitionsRow(over: Partial<RangePartitionsRow> = {}): RangePartitionsRow {
  const months = ['01', '02', '03', '04', '05', '06', '07']
  return {
    database: 'app',
    schema: 'public',
    name: 'parcel',
    key: { column: 'sent_at', type: 'timestamp with time zone' },
    partitions: [
      ...months.slice(0, -1).map((month, place) =>
        partitionRow({
          name: `parcel_p2026_${month}`,
          bound: `FOR VALUES FROM ('2026-${month}-01 00:00:00+00') TO ('2026-${months[place + 1]}-01 00:00:00+00')`,
        }),
      ),
      partitionRow({ name: 'parcel_default', bound: 'DEFAULT' }),
    ],
    keptUpBy: null,
    lastValue: null,
    ...over,
  }
}

export function partitionRow(
  over: Pick<PartitionRow, 'name' | 'bound'> & Partial<PartitionRow>,
): PartitionRow {
  return {
    schema: 'public',
    isPartitioned: false,
    isDetaching: false,
    options: [],
    tablespace: null,
    replicaIdentity: 'default',
    ...over,
  }
}

/** Increases of the database that the target names. */
export function databaseRow(over: Partial<DatabaseRow> = {}): DatabaseRow {
  return {
    database: 'app',
    commits: 1000,
    rollbacks: 0,
    blocksRead: 100,
    blocksHit: 99_900,
    rowsReturned: 1000,
    rowsFetched: 1000,
    rowsInserted: 100,
    rowsUpdated: 100,
    rowsDeleted: 0,
    conflicts: 0,
    tempFiles: 0,
    tempBytes: 0,
    deadlocks: 0,
    checksumFailures: 0,
    blockReadMs: 0,
    blockWriteMs: 0,
    sessions: 10,
    sessionMs: 60_000,
    activeMs: 6_000,
    idleInTransactionMs: 0,
    sessionsAbandoned: 0,
    sessionsFatal: 0,
    sessionsKilled: 0,
    parallelWorkersPlanned: 0,
    parallelWorkersLaunched: 0,
    statsResetAt: null,
    ...over,
  }
}

/** parcel.depot_id refers to depot (id), from whose 1,000 rows some were deleted. */
export function foreignKeyRow(over: Partial<ForeignKeyRow> = {}): ForeignKeyRow {
  return {
    database: 'app',
    schema: 'public',
    table: 'parcel',
    name: 'parcel_depot_id_fkey',
    columns: ['depot_id'],
    referencedSchema: 'public',
    referencedTable: 'depot',
    referencedColumns: ['id'],
    onDelete: 'no action',
    isPartitioned: false,
    largestPartition: null,
    rows: 1_000_000,
    referencedRows: 1000,
    referencedDeletes: 3,
    referencedUpdates: 0,
    extension: null,
    ...over,
  }
}

export function unvalidatedConstraintRow(
  over: Partial<UnvalidatedConstraintRow> = {},
): UnvalidatedConstraintRow {
  return {
    database: 'app',
    schema: 'public',
    table: 'parcel',
    name: 'parcel_weight_check',
    kind: 'check',
    definition: 'CHECK ((weight > 0)) NOT VALID',
    rows: 1_000_000,
    ...over,
  }
}

/** The trigger parcel_audit on parcel, disabled; `table` and `name` alone set what it was declared as, too. */
export function disabledTriggerRow(over: Partial<DisabledTriggerRow> = {}): DisabledTriggerRow {
  const table = over.table ?? 'parcel'
  const name = over.name ?? 'parcel_audit'
  return {
    database: 'app',
    schema: 'public',
    table,
    name,
    isPartitioned: false,
    wouldFire: true,
    declaredSchema: over.schema ?? 'public',
    declaredTable: table,
    kind: 'trigger',
    rule: name,
    ruleTable: over.declaredTable ?? table,
    definition: `CREATE TRIGGER ${name} AFTER UPDATE ON public.${table} FOR EACH ROW EXECUTE FUNCTION audit()`,
    extension: null,
    ...over,
  }
}

/** The bigint identity of parcel, at 1,000. */
export function sequenceRow(over: Partial<SequenceRow> = {}): SequenceRow {
  return {
    database: 'app',
    schema: 'public',
    name: 'parcel_id_seq',
    dataType: 'bigint',
    lastValue: 1000,
    isReadable: true,
    startValue: 1,
    minValue: 1,
    maxValue: 2 ** 63,
    increment: 1,
    isCycling: false,
    column: { schema: 'public', table: 'parcel', name: 'id', type: 'bigint' },
    isIdentity: true,
    columnMaxValue: 2 ** 63,
    ...over,
  }
}

/** 100 MB of leaves as full as when built. */
export function indexDensityRow(over: Partial<IndexDensityRow> = {}): IndexDensityRow {
  const leafPages = over.leafPages ?? 12_800
  return {
    database: 'app',
    schema: 'public',
    table: 'parcel',
    name: 'parcel_weight_idx',
    sizeBytes: (leafPages + 1 + 50 + (over.emptyPages ?? 0)) * 8192,
    blockBytes: 8192,
    leafPages,
    internalPages: 50,
    emptyPages: 0,
    leafDensity: 0.9,
    fillfactor: 0.9,
    ...over,
  }
}

export function indexEstimateRow(over: Partial<IndexEstimateRow> = {}): IndexEstimateRow {
  return {
    database: 'app',
    schema: 'public',
    table: 'parcel',
    name: 'parcel_weight_idx',
    sizeBytes: 100 * 1024 ** 2,
    entries: 4_000_000,
    distinctKeys: 4_000_000,
    freshBytes: 90 * 1024 ** 2,
    budgetBytes: 100 * 1024 ** 2,
    ...over,
  }
}

export function tableEstimateRow(over: Partial<TableEstimateRow> = {}): TableEstimateRow {
  return {
    database: 'app',
    schema: 'public',
    name: 'parcel',
    heapBytes: 1000 * 1024 ** 2,
    rows: 10_000_000,
    freshBytes: 900 * 1024 ** 2,
    budgetBytes: 10 * 1024 ** 2,
    ...over,
  }
}

export function tableDensityRow(over: Partial<TableDensityRow> = {}): TableDensityRow {
  return {
    database: 'app',
    schema: 'public',
    name: 'parcel',
    heapBytes: 1000 * 1024 ** 2,
    freeBytes: 100 * 1024 ** 2,
    deadBytes: 0,
    scannedRatio: 0.1,
    fillfactor: 1,
    ...over,
  }
}

export function databaseAgeRow(over: Partial<DatabaseAgeRow> = {}): DatabaseAgeRow {
  return {
    database: 'app',
    isTemplate: false,
    allowsConnections: true,
    frozenXidAge: 100_000_000,
    multixactAge: 1000,
    checksumFailuresSinceReset: 0,
    lastChecksumFailureAt: null,
    hasCollationMismatch: false,
    ...over,
  }
}

/** Session 100, two hours in its transaction. */
export function xminHolderRow(over: Partial<XminHolderRow> = {}): XminHolderRow {
  return {
    kind: 'backend',
    name: '100',
    database: 'app',
    user: 'web',
    xminAge: 50_000,
    heldMs: 2 * 3_600_000,
    detail: 'idle in transaction',
    ...over,
  }
}
