// Every index of user tables: what it is, how large, and how often it was scanned since the statistics began.

import { defineStateFact, type RawRow } from '../model/fact.ts'
import { dateOrNull, isTrue, number, numberOrNull, text, textArray, textOrNull } from './column.ts'

export interface IndexRow {
  readonly database: string
  readonly schema: string
  readonly table: string
  readonly name: string
  readonly method: string
  /** `create index ...` as PostgreSQL itself writes it. */
  readonly definition: string
  readonly constraintDefinition: string | null
  /** Key columns in order, expressions as their text; INCLUDE columns apart. */
  readonly keyColumns: readonly string[]
  readonly includeColumns: readonly string[]
  /** A key column with its operator class, collation and order, in key order: equal texts sort and compare equally. */
  readonly keySignatures: readonly string[]
  readonly predicate: string | null
  readonly isUnique: boolean
  readonly isPrimary: boolean
  readonly isExclusion: boolean
  readonly isValid: boolean
  readonly isReady: boolean
  /** False on a partitioned parent's index, which has no storage and no scans of its own. */
  readonly hasStorage: boolean
  /** The index of a partition that belongs to a partitioned index. */
  readonly isPartOfPartitioned: boolean
  readonly isReplicaIdentity: boolean
  readonly isClustered: boolean
  /** Someone creates, rebuilds or drops it right now. */
  readonly isBeingBuilt: boolean
  /** Foreign keys of other tables that rest on this unique index: it can't be dropped before they are. */
  readonly referencedBy: number
  /** The extension that made its table; null: none. */
  readonly extension: string | null
  /** Percent, as the index sets it; null: the method's default. */
  readonly fillfactor: number | null
  readonly sizeBytes: number
  readonly reltuples: number
  readonly tableRows: number
  readonly scansSinceReset: number
  /** PostgreSQL 16+; null before, or never scanned. */
  readonly lastScanAt: Date | null
}

const INDEXES = (lastScan: string) => `
  with locked as materialized (
         -- asking the size of such an index would wait for its lock
         select l.relation, l.mode
           from pg_catalog.pg_locks l
          where l.locktype = 'relation' and l.pid <> pg_catalog.pg_backend_pid()
            and l.mode in ('AccessExclusiveLock', 'ShareUpdateExclusiveLock')),
       building as materialized (
         select p.relid from pg_catalog.pg_stat_progress_create_index p
          where p.datname = pg_catalog.current_database()),
       own as materialized (
         select d.objid, e.extname
           from pg_catalog.pg_depend d
           join pg_catalog.pg_extension e on e.oid = d.refobjid
          where d.classid = 'pg_catalog.pg_class'::regclass and d.refclassid = 'pg_catalog.pg_extension'::regclass
            and d.deptype = 'e'),
       -- once: pg_constraint has no index on conindid
       referenced as materialized (
         select f.conindid, count(*) as foreign_keys
           from pg_catalog.pg_constraint f
          where f.contype = 'f' and f.conparentid = 0
          group by f.conindid)
  select pg_catalog.current_database()                                  as database,
         n.nspname                                                      as schema,
         t.relname                                                      as table_name,
         c.relname                                                      as name,
         a.amname                                                       as method,
         pg_catalog.pg_get_indexdef(c.oid)                              as definition,
         pg_catalog.pg_get_constraintdef(k.oid)                         as constraint_definition,
         -- generate_series comes in order, and so does array()
         array(select pg_catalog.pg_get_indexdef(c.oid, i, true)
                 from pg_catalog.generate_series(1, x.indnkeyatts) i)   as key_columns,
         array(select pg_catalog.pg_get_indexdef(c.oid, i, true)
                 from pg_catalog.generate_series(x.indnkeyatts + 1, x.indnatts) i) as include_columns,
         x.indclass::text                                               as operator_classes,
         x.indcollation::text                                           as collations,
         x.indoption::text                                              as orders,
         pg_catalog.pg_get_expr(x.indpred, x.indrelid)                  as predicate,
         x.indisunique                                                  as is_unique,
         x.indisprimary                                                 as is_primary,
         x.indisexclusion                                               as is_exclusion,
         x.indisvalid                                                   as is_valid,
         x.indisready                                                   as is_ready,
         c.relkind = 'i'                                                as has_storage,
         c.relispartition                                               as is_part_of_partitioned,
         x.indisreplident                                               as is_replica_identity,
         x.indisclustered                                               as is_clustered,
         -- DROP INDEX CONCURRENTLY shows no progress, but holds this lock on the index; vacuum doesn't
         x.indrelid in (select b.relid from building b) or c.oid in (select l.relation from locked l) as is_being_built,
         coalesce(r.foreign_keys, 0)                                    as referenced_by,
         own.extname                                                    as extension,
         (select o.option_value::float8 from pg_catalog.pg_options_to_table(c.reloptions) o
           where o.option_name = 'fillfactor')                          as fillfactor,
         case when exists (select from locked l where l.relation = c.oid and l.mode = 'AccessExclusiveLock')
              then c.relpages * current_setting('block_size')::bigint
              else pg_catalog.pg_relation_size(c.oid) end               as size_bytes,
         c.reltuples                                                    as reltuples,
         t.reltuples                                                    as table_rows,
         pg_catalog.pg_stat_get_numscans(c.oid)                         as scans_since_reset,
         ${lastScan}                                                    as last_scan_at
    from pg_catalog.pg_index x
    join pg_catalog.pg_class c on c.oid = x.indexrelid
    join pg_catalog.pg_class t on t.oid = x.indrelid
    join pg_catalog.pg_namespace n on n.oid = t.relnamespace
    join pg_catalog.pg_am a on a.oid = c.relam
    left join pg_catalog.pg_constraint k on k.conindid = c.oid and k.contype in ('p', 'u', 'x') and k.conrelid = t.oid
    left join own on own.objid = t.oid
    left join referenced r on r.conindid = c.oid
   where n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
     and n.nspname not like 'pg\\_temp\\_%'
     and t.relpersistence <> 't'
   order by n.nspname, t.relname, c.relname
   limit 20000`

/** At most 20,000 indexes; a target with more is a schema-per-tenant one, whose advice is per template anyway. */
export const indexes = defineStateFact<IndexRow>({
  id: 'indexes',
  title: 'Indexes of user tables with size, validity and scans since the last statistics reset',
  scope: 'database',
  everyMs: 5 * 60_000,
  variants: [
    { since: 140000, sql: INDEXES('null::timestamptz') },
    { since: 160000, sql: INDEXES('pg_catalog.pg_stat_get_lastscan(c.oid)') },
  ],
  keyOf: (row) => `${row.schema}.${row.name}`,
  parse: (raw) => {
    const keyColumns = textArray(raw, 'key_columns')
    return {
      database: text(raw, 'database'),
      schema: text(raw, 'schema'),
      table: text(raw, 'table_name'),
      name: text(raw, 'name'),
      method: text(raw, 'method'),
      definition: text(raw, 'definition'),
      constraintDefinition: textOrNull(raw, 'constraint_definition'),
      keyColumns,
      includeColumns: textArray(raw, 'include_columns'),
      keySignatures: signatures(raw, keyColumns),
      predicate: textOrNull(raw, 'predicate'),
      isUnique: isTrue(raw, 'is_unique'),
      isPrimary: isTrue(raw, 'is_primary'),
      isExclusion: isTrue(raw, 'is_exclusion'),
      isValid: isTrue(raw, 'is_valid'),
      isReady: isTrue(raw, 'is_ready'),
      hasStorage: isTrue(raw, 'has_storage'),
      isPartOfPartitioned: isTrue(raw, 'is_part_of_partitioned'),
      isReplicaIdentity: isTrue(raw, 'is_replica_identity'),
      isClustered: isTrue(raw, 'is_clustered'),
      isBeingBuilt: isTrue(raw, 'is_being_built'),
      referencedBy: number(raw, 'referenced_by'),
      extension: textOrNull(raw, 'extension'),
      fillfactor: numberOrNull(raw, 'fillfactor'),
      sizeBytes: number(raw, 'size_bytes'),
      reltuples: number(raw, 'reltuples'),
      tableRows: number(raw, 'table_rows'),
      scansSinceReset: number(raw, 'scans_since_reset'),
      lastScanAt: dateOrNull(raw, 'last_scan_at'),
    }
  },
})

/** Operator class, collation and order come as vectors, one element a key column: '1978 3126'. */
function signatures(raw: RawRow, keyColumns: readonly string[]): readonly string[] {
  const vectors = ['operator_classes', 'collations', 'orders'].map((name) => text(raw, name).split(' '))
  return keyColumns.map((column, i) => [column, ...vectors.map((vector) => vector[i])].join(' '))
}
