// What of a database decides about speed, and has to be the same on both sides of a comparison: version, settings, schema, size.

import { createHash } from 'node:crypto'
import { databaseSizes } from '../../facts/database-sizes.ts'
import { indexes } from '../../facts/indexes.ts'
import { settings } from '../../facts/settings.ts'
import type { RunEnvironment } from '../../model/load-run.ts'
import type { Session } from '../../postgres/connect.ts'
import { readFact } from './read-fact.ts'

type PostgresEnvironment = NonNullable<RunEnvironment['postgres']>

/** Of the planner, memory, writing, parallelism and autovacuum; not names, paths, logging or authentication. */
const DECIDES =
  /^(enable_\w+|\w+_cost|\w+_buffers|\w*work_mem|hash_mem_multiplier|effective_\w+|(from|join)_collapse_limit|geqo\w*|constraint_exclusion|cursor_tuple_fraction|recursive_worktable_factor|jit\w*|max_(parallel|worker)\w*|min_parallel_\w+|parallel_\w+|plan_cache_mode|default_statistics_target|max_connections|synchronous_commit|fsync|full_page_writes|wal_(level|compression|sync_method)|(max|min)_wal_size|checkpoint_\w+|commit_\w+|bgwriter_\w+|autovacuum\w*|vacuum_cost_\w+|random_page_cost|io_\w+|huge_pages|shared_memory_type|track_io_timing|default_transaction_isolation|synchronous_standby_names)$/

/** Columns in their order; the types as PostgreSQL writes them. Partitions are what their parent is. */
const TABLES = `
  select n.nspname                                                       as schema,
         c.relname                                                       as name,
         c.relkind::text                                                 as kind,
         pg_catalog.string_agg(a.attname || ' ' || pg_catalog.format_type(a.atttypid, a.atttypmod)
           || case when a.attnotnull then ' not null' else '' end, ', ' order by a.attnum) as columns
    from pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
   where c.relkind in ('r', 'p', 'm', 'v', 'f')
     and not c.relispartition
     and c.relpersistence <> 't'
     and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
     and not exists (select from pg_catalog.pg_depend d
                      where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
   group by n.nspname, c.relname, c.relkind
   order by n.nspname, c.relname
   limit 20000`

/** A database of more objects is one schema a tenant: there the hash has to do. */
const MOST_OBJECTS = 1_000

export async function postgresEnvironment(session: Session): Promise<PostgresEnvironment> {
  const read = await readFact(session, settings)
  const values: Record<string, string> = {}
  if ('rows' in read)
    // a factor as of shared_buffers, '8kB', is a unit like any other
    for (const { name, value, unit } of read.rows)
      if (DECIDES.test(name)) values[name] = unit === null ? value : `${value} ${unit}`
  const objects = await schemaObjects(session)
  const sizes = await readFact(session, databaseSizes)
  const own =
    'rows' in sizes ? sizes.rows.find(({ database }) => database === session.server.database) : undefined
  return {
    versionNum: session.server.versionNum,
    settingsHash: hashOf(values),
    settings: values,
    schemaHash: hashOf(objects),
    ...(Object.keys(objects).length <= MOST_OBJECTS ? { schemaObjects: objects } : {}),
    dataBytes: own?.sizeBytes ?? 0,
  }
}

/** Order, and so the hash, does not depend on the server's collation. */
async function schemaObjects(session: Session): Promise<Readonly<Record<string, string>>> {
  const found: [name: string, value: string][] = []
  const { rows } = await session.query('schema-tables', TABLES)
  for (const row of rows)
    found.push([
      `table ${row.schema}.${row.name}`,
      hashOf({ kind: row.kind, columns: row.columns }).slice(0, 8),
    ])
  const read = await readFact(session, indexes)
  if ('rows' in read)
    for (const index of read.rows) {
      if (index.extension !== null || index.isPartOfPartitioned) continue
      const definition = index.definition
        .replace(/^CREATE (UNIQUE )?INDEX .*? ON (?:ONLY )?/, (_, unique) => `${unique ? 'unique ' : ''}on `)
        .replace(' USING btree', '')
      found.push([
        `index ${index.schema}.${index.name}`,
        index.isValid ? definition : `${definition} (invalid)`,
      ])
    }
  return Object.fromEntries(found.sort(([a], [b]) => (a < b ? -1 : 1)))
}

function hashOf(values: Readonly<Record<string, unknown>>): string {
  const sorted = Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1))
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, 16)
}
