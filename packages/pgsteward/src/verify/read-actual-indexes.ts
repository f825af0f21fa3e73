// The indexes of a target with their use and size, for comparing with what is declared. Catalogs and statistics alone.

import { indexEstimates } from '../facts/index-estimates.ts'
import { type IndexRow, indexes } from '../facts/indexes.ts'
import type { RawRow } from '../model/fact.ts'
import type { Session } from '../postgres/connect.ts'
import { pickVariant } from '../postgres/variant.ts'
import { type IndexDefinition, readIndexStatement } from '../sql/index-definition.ts'
import type { Parser } from '../sql/parse/parse-statements.ts'

export interface ActualIndex {
  readonly row: IndexRow
  /** Null: it can't be read; its name and validity are known all the same. */
  readonly definition: IndexDefinition | null
  readonly scans: number
  readonly lastScanAt: Date | null
  readonly sizeBytes: number
  readonly partitions: number | null
  /** What plans call it: its own name, or those of its partitions' indexes. */
  readonly planned: readonly { readonly schema: string; readonly name: string }[]
  readonly bloatRatio: number | null
}

export interface ActualIndexes {
  /** Those of partitions too: a migration may name one. */
  readonly indexes: readonly ActualIndex[]
  /** schema.table of every table. */
  readonly tables: ReadonlySet<string>
  /** Where a name without schema leads, in order. */
  readonly searchPath: readonly string[]
}

/** A partitioned index has no scans and no size of its own. */
const PARTS = (lastScan: string) => `
  select n.nspname as schema, c.relname as name, count(p.relid) as partitions,
         coalesce(sum(pg_catalog.pg_stat_get_numscans(p.relid)), 0) as scans,
         max(${lastScan}) as last_scan_at,
         coalesce(sum(pg_catalog.pg_relation_size(p.relid)), 0) as size_bytes,
         coalesce(array_agg(l.relname::text order by l.oid) filter (where l.oid is not null), '{}') as part_names,
         coalesce(array_agg(m.nspname::text order by l.oid) filter (where l.oid is not null), '{}') as part_schemas
    from pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    left join lateral pg_catalog.pg_partition_tree(c.oid) p on p.isleaf and p.relid <> c.oid
    left join pg_catalog.pg_class l on l.oid = p.relid
    left join pg_catalog.pg_namespace m on m.oid = l.relnamespace
   where c.relkind = 'I' and not c.relispartition
   group by n.nspname, c.relname
   order by n.nspname, c.relname
   limit 20000`

const TABLES = `
  select n.nspname as schema, c.relname as name
    from pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
   where c.relkind in ('r', 'p', 'm') and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
   order by n.nspname, c.relname
   limit 50000`

/** As a session of the role has it by itself; the session at hand has a path of its own. */
const SEARCH_PATH = `
  select pg_catalog.replace(pg_catalog.btrim(pg_catalog.btrim(s.entry), '"'), '$user', current_user::text) as schema
    from pg_catalog.pg_settings p
   cross join lateral pg_catalog.regexp_split_to_table(p.reset_val, ',') with ordinality as s(entry, place)
   where p.name = 'search_path'
   order by s.place
   limit 100`

export async function readActualIndexes(
  session: Session,
  parse: Parser,
  /** Tables whose indexes are compared; null: all. */
  wanted: ReadonlySet<string> | null,
): Promise<ActualIndexes> {
  const { server } = session
  const ask = async (label: string, sql: string) => (await session.query(label, sql)).rows
  const picked = pickVariant(indexes, server)
  const rows = picked.status === 'picked' ? (await ask('verify indexes', picked.sql)).map(indexes.parse) : []
  const isNew = server.versionNum >= 160_000
  const parts = await ask(
    'verify partitions',
    PARTS(isNew ? 'pg_catalog.pg_stat_get_lastscan(p.relid)' : 'null::timestamptz'),
  )
  const partsOf = new Map(parts.map((part) => [`${part.schema}\0${part.name}`, part]))
  const bloat = await readBloat(session)
  const tables = await ask('verify tables', TABLES)
  const path = await ask('verify path', SEARCH_PATH)
  return {
    indexes: rows.map((row) => {
      const key = `${row.schema}\0${row.name}`
      const part = row.hasStorage ? undefined : partsOf.get(key)
      return {
        row,
        // parsing thousands that nobody asks for would take seconds
        definition: wanted === null || wanted.has(row.table) ? definitionOf(row, parse) : null,
        scans: part === undefined ? row.scansSinceReset : Number(part.scans),
        lastScanAt: part === undefined ? row.lastScanAt : ((part.last_scan_at as Date | null) ?? null),
        sizeBytes: part === undefined ? row.sizeBytes : Number(part.size_bytes),
        partitions: part === undefined ? null : Number(part.partitions),
        planned: [{ schema: row.schema, name: row.name }, ...(part === undefined ? [] : partsIn(part))],
        bloatRatio: bloat.get(key) ?? null,
      }
    }),
    tables: new Set(tables.map(({ schema, name }) => `${schema}.${name}`)),
    searchPath: path.map(({ schema }) => String(schema)),
  }
}

function partsIn(part: RawRow): readonly { readonly schema: string; readonly name: string }[] {
  const schemas = part.part_schemas as readonly string[]
  return (part.part_names as readonly string[]).map((name, place) => ({ schema: schemas[place] ?? '', name }))
}

function definitionOf({ definition }: IndexRow, parse: Parser): IndexDefinition | null {
  const parsed = parse(definition)
  const node = 'problem' in parsed ? undefined : parsed.statements[0]
  return node !== undefined && 'IndexStmt' in node ? readIndexStatement(node.IndexStmt) : null
}

/** An estimate that may fail (a timeout on a huge catalog) takes nothing else with it. */
async function readBloat(session: Session): Promise<ReadonlyMap<string, number>> {
  const picked = pickVariant(indexEstimates, session.server)
  if (picked.status !== 'picked') return new Map()
  try {
    const { rows } = await session.query('verify bloat', picked.sql)
    return new Map(
      rows
        .map(indexEstimates.parse)
        .flatMap(({ schema, name, sizeBytes, freshBytes }) =>
          freshBytes === null || sizeBytes === 0
            ? []
            : [[`${schema}\0${name}`, Math.max(0, 1 - freshBytes / sizeBytes)] as const],
        ),
    )
  } catch (error) {
    if (!session.isOpen()) throw error
    return new Map()
  }
}
