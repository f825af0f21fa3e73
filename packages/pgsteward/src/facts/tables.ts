// Every user table as it stands: size, rows, dead rows, when it was cleaned, and at which counts autovacuum would come.

import { defineStateFact } from '../model/fact.ts'
import type { Bytes } from '../model/units.ts'
import { dateOrNull, isTrue, number, numberOrNull, text, textArray, textOrNull } from './column.ts'

export interface TableRow {
  readonly database: string
  readonly schema: string
  readonly name: string
  readonly kind: 'table' | 'partitioned table' | 'materialized view' | 'foreign table'
  readonly isPartition: boolean
  readonly isUnlogged: boolean
  readonly owner: string
  /** The extension that made the table and owns its shape; null: none. */
  readonly extension: string | null
  /** Best estimate: counted by statistics, or where those are empty by the last vacuum or analyze. */
  readonly rows: number
  /** As the planner and autovacuum know it; null: never vacuumed nor analyzed. */
  readonly reltuples: number | null
  readonly deadTuples: number
  readonly modifiedSinceAnalyze: number
  readonly insertedSinceVacuum: number
  /** By hand or automatic, whichever was later. Statistics that were reset forget it. */
  readonly lastVacuumAt: Date | null
  readonly lastAnalyzeAt: Date | null
  readonly vacuumsSinceReset: number
  readonly autovacuumsSinceReset: number
  readonly analyzesSinceReset: number
  /** Rows inserted, updated and deleted since the last statistics reset. */
  readonly writesSinceReset: number
  readonly scansSinceReset: number
  readonly options: readonly string[]
  /** The heap alone; 0 for partitioned and foreign tables. */
  readonly heapBytes: Bytes
  readonly toastBytes: Bytes
  readonly indexBytes: Bytes
  /** Heap and TOAST: everything but indexes and the small maps beside them. */
  readonly tableBytes: Bytes
  readonly totalBytes: Bytes
  /** Null for relations without storage. */
  readonly frozenXidAge: number | null
  readonly multixactAge: number | null
  readonly hasPrimaryKey: boolean
  readonly replicaIdentity: 'default' | 'nothing' | 'full' | 'index'
  /** In a publication that sends updates or deletes, which then need a replica identity. */
  readonly isPublishedForChanges: boolean
  /** True where either the server or the table's own setting switched it off. */
  readonly isAutovacuumOff: boolean
  /** The table's own setting switched it off. */
  readonly isAutovacuumOffForTable: boolean
  /** Dead tuples above which autovacuum vacuums this table: its own settings over the server's. */
  readonly vacuumThreshold: number
  /** Modified rows above which it analyzes. */
  readonly analyzeThreshold: number
  readonly isBeingVacuumed: boolean
}

const TABLES = (maxThreshold: string) => `
  with locked as materialized (
         -- asking the size of such a relation would wait for its lock
         select l.relation
           from pg_catalog.pg_locks l
          where l.locktype = 'relation' and l.mode = 'AccessExclusiveLock' and l.pid <> pg_catalog.pg_backend_pid()),
       vacuumed as materialized (
         select p.relid from pg_catalog.pg_stat_progress_vacuum p
          where p.datname = pg_catalog.current_database()),
       own as materialized (
         select d.objid, e.extname
           from pg_catalog.pg_depend d
           join pg_catalog.pg_extension e on e.oid = d.refobjid
          where d.classid = 'pg_catalog.pg_class'::regclass and d.refclassid = 'pg_catalog.pg_extension'::regclass
            and d.deptype = 'e')
  select pg_catalog.current_database()                              as database,
         n.nspname                                                  as schema,
         c.relname                                                  as name,
         case c.relkind when 'r' then 'table' when 'p' then 'partitioned table' when 'm' then 'materialized view'
                        else 'foreign table' end                    as kind,
         c.relispartition                                           as is_partition,
         c.relpersistence = 'u'                                     as is_unlogged,
         pg_catalog.pg_get_userbyid(c.relowner)                     as owner,
         own.extname                                                as extension,
         case when s.live > 0 then s.live else greatest(c.reltuples, 0) end as rows,
         nullif(c.reltuples, -1)                                    as reltuples,
         s.dead                                                     as dead_tuples,
         pg_catalog.pg_stat_get_mod_since_analyze(c.oid)            as modified_since_analyze,
         pg_catalog.pg_stat_get_ins_since_vacuum(c.oid)             as inserted_since_vacuum,
         greatest(pg_catalog.pg_stat_get_last_vacuum_time(c.oid),
                  pg_catalog.pg_stat_get_last_autovacuum_time(c.oid)) as last_vacuum_at,
         greatest(pg_catalog.pg_stat_get_last_analyze_time(c.oid),
                  pg_catalog.pg_stat_get_last_autoanalyze_time(c.oid)) as last_analyze_at,
         pg_catalog.pg_stat_get_vacuum_count(c.oid)                 as vacuums_since_reset,
         pg_catalog.pg_stat_get_autovacuum_count(c.oid)             as autovacuums_since_reset,
         pg_catalog.pg_stat_get_analyze_count(c.oid)
           + pg_catalog.pg_stat_get_autoanalyze_count(c.oid)        as analyzes_since_reset,
         pg_catalog.pg_stat_get_tuples_inserted(c.oid) + pg_catalog.pg_stat_get_tuples_updated(c.oid)
           + pg_catalog.pg_stat_get_tuples_deleted(c.oid)           as writes_since_reset,
         pg_catalog.pg_stat_get_numscans(c.oid) + coalesce(i.scans, 0) as scans_since_reset,
         c.reloptions                                               as options,
         z.heap_bytes                                               as heap_bytes,
         z.toast_bytes                                              as toast_bytes,
         z.index_bytes                                              as index_bytes,
         case when c.relfrozenxid::text <> '0' then
           greatest(pg_catalog.age(c.relfrozenxid), case when t.oid is not null then pg_catalog.age(t.relfrozenxid) end)
         end                                                        as frozen_xid_age,
         case when c.relminmxid::text <> '0' then
           greatest(pg_catalog.mxid_age(c.relminmxid), case when t.oid is not null then pg_catalog.mxid_age(t.relminmxid) end)
         end                                                        as multixact_age,
         coalesce(i.has_primary_key, false)                         as has_primary_key,
         case c.relreplident when 'd' then 'default' when 'n' then 'nothing' when 'f' then 'full' else 'index' end
                                                                    as replica_identity,
         exists (select from pg_catalog.pg_publication p
                  where (p.pubupdate or p.pubdelete)
                    and (p.puballtables
                         or exists (select from pg_catalog.pg_publication_rel r
                                     where r.prpubid = p.oid and r.prrelid = c.oid))) as is_published_for_changes,
         o.is_off                                                   as is_autovacuum_off_for_table,
         o.is_off or g.is_off                                       as is_autovacuum_off,
         least(coalesce(o.vacuum_threshold, g.vacuum_threshold)
                 + coalesce(o.vacuum_scale, g.vacuum_scale) * greatest(c.reltuples, 0),
               ${maxThreshold})                                     as vacuum_threshold,
         coalesce(o.analyze_threshold, g.analyze_threshold)
           + coalesce(o.analyze_scale, g.analyze_scale) * greatest(c.reltuples, 0) as analyze_threshold,
         c.oid in (select v.relid from vacuumed v)                  as is_being_vacuumed
    from pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    left join pg_catalog.pg_class t on t.oid = c.reltoastrelid
    left join own on own.objid = c.oid
   cross join lateral (select pg_catalog.pg_stat_get_live_tuples(c.oid) as live,
                              pg_catalog.pg_stat_get_dead_tuples(c.oid) as dead) s
   cross join (select (current_setting('autovacuum') = 'off' or current_setting('track_counts') = 'off') as is_off,
                      current_setting('autovacuum_vacuum_threshold')::float8     as vacuum_threshold,
                      current_setting('autovacuum_vacuum_scale_factor')::float8  as vacuum_scale,
                      current_setting('autovacuum_analyze_threshold')::float8    as analyze_threshold,
                      current_setting('autovacuum_analyze_scale_factor')::float8 as analyze_scale) g
   cross join lateral (
         select coalesce(bool_or(not r.option_value::boolean) filter (where r.option_name = 'autovacuum_enabled'), false) as is_off,
                max(r.option_value) filter (where r.option_name = 'autovacuum_vacuum_threshold')::float8        as vacuum_threshold,
                max(r.option_value) filter (where r.option_name = 'autovacuum_vacuum_max_threshold')::float8    as max_threshold,
                max(r.option_value) filter (where r.option_name = 'autovacuum_vacuum_scale_factor')::float8     as vacuum_scale,
                max(r.option_value) filter (where r.option_name = 'autovacuum_analyze_threshold')::float8       as analyze_threshold,
                max(r.option_value) filter (where r.option_name = 'autovacuum_analyze_scale_factor')::float8    as analyze_scale
           from pg_catalog.pg_options_to_table(c.reloptions) r
          where c.relkind in ('r', 'm')) o
    left join lateral (
         select bool_or(x.indisprimary) as has_primary_key, sum(pg_catalog.pg_stat_get_numscans(x.indexrelid)) as scans
           from pg_catalog.pg_index x
          where x.indrelid = c.oid) i on true
   cross join lateral (
         -- free space and visibility maps are left out: half a thousandth of the size, for three times the stat() calls
         select case when k.is_locked then c.relpages * k.block else pg_catalog.pg_relation_size(c.oid) end as heap_bytes,
                case when k.is_locked then coalesce(t.relpages, 0) * k.block
                     else coalesce(pg_catalog.pg_relation_size(t.oid), 0) end                              as toast_bytes,
                case when k.is_locked then 0
                     else (select coalesce(sum(pg_catalog.pg_relation_size(x.indexrelid)), 0)
                             from pg_catalog.pg_index x where x.indrelid = c.oid) end                      as index_bytes
           from (select exists (select from locked l
                                 where l.relation in (c.oid, c.reltoastrelid)
                                    or l.relation in (select x.indexrelid from pg_catalog.pg_index x where x.indrelid = c.oid)) as is_locked,
                        current_setting('block_size')::bigint as block) k) z
   where c.relkind in ('r', 'p', 'm', 'f')
     and c.relpersistence <> 't'
     and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
   order by n.nspname, c.relname
   limit 20000`

/**
 * At most 20,000 tables. Sizes cost a few stat() calls a table; of a table that someone holds exclusively they are those of its
 * last vacuum, since asking would wait.
 */
export const tables = defineStateFact<TableRow>({
  id: 'tables',
  title: 'User tables with size, rows, dead rows, vacuum state and their autovacuum thresholds',
  scope: 'database',
  everyMs: 5 * 60_000,
  variants: [
    { since: 140000, sql: TABLES("'infinity'::float8") },
    {
      since: 180000,
      // -1 switches the ceiling off
      sql: TABLES(
        "coalesce(nullif(coalesce(o.max_threshold, current_setting('autovacuum_vacuum_max_threshold')::float8), -1), 'infinity')",
      ),
    },
  ],
  keyOf: (row) => `${row.schema}.${row.name}`,
  parse: (raw) => {
    const [heapBytes, toastBytes, indexBytes] = ['heap_bytes', 'toast_bytes', 'index_bytes'].map((column) =>
      number(raw, column),
    ) as [number, number, number]
    return {
      database: text(raw, 'database'),
      schema: text(raw, 'schema'),
      name: text(raw, 'name'),
      kind: text(raw, 'kind') as TableRow['kind'],
      isPartition: isTrue(raw, 'is_partition'),
      isUnlogged: isTrue(raw, 'is_unlogged'),
      owner: text(raw, 'owner'),
      extension: textOrNull(raw, 'extension'),
      rows: number(raw, 'rows'),
      reltuples: numberOrNull(raw, 'reltuples'),
      deadTuples: number(raw, 'dead_tuples'),
      modifiedSinceAnalyze: number(raw, 'modified_since_analyze'),
      insertedSinceVacuum: number(raw, 'inserted_since_vacuum'),
      lastVacuumAt: dateOrNull(raw, 'last_vacuum_at'),
      lastAnalyzeAt: dateOrNull(raw, 'last_analyze_at'),
      vacuumsSinceReset: number(raw, 'vacuums_since_reset'),
      autovacuumsSinceReset: number(raw, 'autovacuums_since_reset'),
      analyzesSinceReset: number(raw, 'analyzes_since_reset'),
      writesSinceReset: number(raw, 'writes_since_reset'),
      scansSinceReset: number(raw, 'scans_since_reset'),
      options: textArray(raw, 'options'),
      heapBytes,
      toastBytes,
      indexBytes,
      tableBytes: heapBytes + toastBytes,
      totalBytes: heapBytes + toastBytes + indexBytes,
      frozenXidAge: numberOrNull(raw, 'frozen_xid_age'),
      multixactAge: numberOrNull(raw, 'multixact_age'),
      hasPrimaryKey: isTrue(raw, 'has_primary_key'),
      replicaIdentity: text(raw, 'replica_identity') as TableRow['replicaIdentity'],
      isPublishedForChanges: isTrue(raw, 'is_published_for_changes'),
      isAutovacuumOff: isTrue(raw, 'is_autovacuum_off'),
      isAutovacuumOffForTable: isTrue(raw, 'is_autovacuum_off_for_table'),
      vacuumThreshold: number(raw, 'vacuum_threshold'),
      analyzeThreshold: number(raw, 'analyze_threshold'),
      isBeingVacuumed: isTrue(raw, 'is_being_vacuumed'),
    }
  },
  series: [
    { name: 'table.size', unit: 'bytes', value: (row) => (isWorthKeeping(row) ? row.totalBytes : null) },
    { name: 'table.indexSize', unit: 'bytes', value: (row) => (isWorthKeeping(row) ? row.indexBytes : null) },
    {
      name: 'table.deadTuples',
      unit: 'count',
      value: (row) => (isWorthKeeping(row) ? row.deadTuples : null),
    },
    { name: 'table.rows', unit: 'count', value: (row) => (isGrowingLarge(row) ? row.rows : null) },
  ],
})

/** Hundreds of small tables would fill the store with lines that nobody draws. */
function isWorthKeeping(row: TableRow): boolean {
  return row.totalBytes >= 1024 ** 2
}

/** Those that may have to be partitioned within years; partitions have been. */
function isGrowingLarge({ kind, isPartition, rows }: TableRow): boolean {
  return kind === 'table' && !isPartition && rows >= 100_000
}
