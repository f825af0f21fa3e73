// Writes column statistics into a twin's pg_statistic, as its superuser: one way for all major versions, where
// pg_restore_attribute_stats exists since 18 only. The operators that analyze would have noted are looked up by type.

import { qualified } from '../../sql/quote.ts'
import { rowsOf, type TwinHost } from '../hosts/host.ts'
import type { ColumnStatistics, LeftOut, StatisticsFile } from './statistics-file.ts'

/** One relation's column, with array literals as PostgreSQL reads them. */
interface StatisticsRow {
  readonly schema: string
  readonly relation: string
  readonly number: number
  readonly inherited: boolean
  readonly nulls: number
  readonly width: number
  readonly distinct_values: number
  readonly mcv: string | null
  readonly mcf: string | null
  readonly hist: string | null
  readonly corr: number | null
  readonly mce: string | null
  readonly mcef: string | null
  readonly dech: string | null
  readonly lengths: string | null
  readonly empty: number | null
  readonly bounds: string | null
}

/** Of one statement's rows: its plan costs as much as a thousand of them, and PostgreSQL holds the text several times. */
const BATCH_CHARACTERS = 4_000_000

/** Rows, and their text: making it takes as long as a third of a twin's start, and needs no host. */
interface Batch {
  readonly rows: readonly StatisticsRow[]
  readonly text: string
}
export type PreparedStatistics = readonly Batch[]

export function prepareColumnStatistics(file: StatisticsFile): PreparedStatistics {
  const rows = file.tables.flatMap((table) => [
    ...table.statistics.map((statistics) => rowOf(table.schema, table.name, statistics)),
    ...table.indexes.flatMap((index) =>
      index.statistics.map((statistics) => rowOf(index.schema, index.name, statistics)),
    ),
  ])
  return batchesOf(rows).map(batchOf)
}

/** Rows of relations that the twin lacks are passed over. A value that its type refuses costs that column its statistics, by name. */
export async function loadColumnStatistics(host: TwinHost, prepared: PreparedStatistics): Promise<LeftOut[]> {
  const leftOut: LeftOut[] = []
  for (const batch of prepared) leftOut.push(...(await load(host, batch)))
  return leftOut
}

function batchOf(rows: readonly StatisticsRow[]): Batch {
  return { rows, text: JSON.stringify(rows) }
}

async function load(host: TwinHost, { rows, text }: Batch): Promise<LeftOut[]> {
  const { error } = await host.ask(INSERT, [text])
  if (error === null) return []
  if (rows.length > 1) {
    const half = Math.ceil(rows.length / 2)
    return [
      ...(await load(host, batchOf(rows.slice(0, half)))),
      ...(await load(host, batchOf(rows.slice(half)))),
    ]
  }
  const { number, schema, relation } = rows[0]!
  return [
    {
      kind: 'statistics',
      name: `column ${number} of ${qualified(schema, relation)}`,
      because: error.message,
    },
  ]
}

function batchesOf(rows: readonly StatisticsRow[]): StatisticsRow[][] {
  const batches: StatisticsRow[][] = []
  let left = 0
  for (const row of rows) {
    const length = Object.values(row).reduce<number>((sum, value) => sum + String(value).length, 0)
    if (left < length) {
      batches.push([])
      left = BATCH_CHARACTERS
    }
    batches.at(-1)!.push(row)
    left -= length
  }
  return batches
}

export interface RelationStatistics {
  readonly schema: string
  readonly relation: string
  readonly statistics: readonly ColumnStatistics[]
}

/** Of scratch tables' columns, for statistics on expressions, and of sketched indexes. */
export async function loadStatisticsOf(
  host: TwinHost,
  relations: readonly RelationStatistics[],
): Promise<void> {
  const rows = relations.flatMap(({ schema, relation, statistics }) =>
    statistics.map((each) => rowOf(schema, relation, each)),
  )
  if (rows.length > 0) await rowsOf(host, INSERT, [batchOf(rows).text])
}

function rowOf(schema: string, relation: string, statistics: ColumnStatistics): StatisticsRow {
  return {
    schema,
    relation,
    number: statistics.number,
    inherited: statistics.inherited,
    nulls: statistics.nullFraction,
    width: statistics.averageWidth,
    distinct_values: statistics.distinct,
    mcv: arrayLiteral(statistics.mostCommonValues),
    mcf: arrayLiteral(statistics.mostCommonFrequencies),
    hist: arrayLiteral(statistics.histogram),
    corr: statistics.correlation,
    mce: arrayLiteral(statistics.mostCommonElements),
    mcef: arrayLiteral(statistics.mostCommonElementFrequencies),
    dech: arrayLiteral(statistics.elementCountHistogram),
    lengths: arrayLiteral(statistics.rangeLengthHistogram),
    empty: statistics.rangeEmptyFraction,
    bounds: arrayLiteral(statistics.rangeBoundsHistogram),
  }
}

function arrayLiteral(values: readonly (string | number)[] | null): string | null {
  if (values === null) return null
  return `{${values.map((value) => (typeof value === 'number' ? String(value) : `"${value.replace(/["\\]/g, '\\$&')}"`)).join(',')}}`
}

/**
 * Slots: 1 most common values, 2 histogram or range lengths, 3 correlation, 4 most common elements or range bounds, 5 element counts
 * (kinds of pg_statistic.h). Operators are those of the default B-tree class, as analyze takes them: the planner compares them.
 */
const INSERT = `
with recursive given as materialized (
  select * from pg_catalog.json_to_recordset($1::json) as v(schema text, relation text, number smallint,
    inherited boolean, nulls real, width integer, distinct_values real, mcv text, mcf text, hist text, corr real, mce text, mcef text,
    dech text, lengths text, empty real, bounds text)
), placed as (
  select g.*, c.oid as relation_oid, a.atttypid, a.attcollation
    from given g
    join pg_catalog.pg_namespace n on n.nspname = g.schema
    join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = g.relation
    join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = g.number and not a.attisdropped
), based (origin, typ) as (
  select distinct atttypid, atttypid from placed
  union all
  select b.origin, t.typbasetype from based b join pg_catalog.pg_type t on t.oid = b.typ where t.typtype = 'd'
), column_types as (
  select b.origin, t.oid as typ,
         case when t.oid = 3614 then 25 when t.typcategory = 'A' then t.typelem
              when t.typtype = 'm' then (select r.rngtypid from pg_catalog.pg_range r where r.rngmultitypid = t.oid) end as element
    from based b join pg_catalog.pg_type t on t.oid = b.typ where t.typtype <> 'd'
), wanted as (
  select typ from column_types union select element from column_types where element is not null
), classes as (
  select w.typ, o.opcfamily, o.opcintype
    from wanted w join pg_catalog.pg_type t on t.oid = w.typ
    cross join lateral (
      select p.opcfamily, p.opcintype from pg_catalog.pg_opclass p join pg_catalog.pg_type i on i.oid = p.opcintype
       where p.opcmethod = 403 and p.opcdefault
         and (p.opcintype = t.oid
           or (t.typtype = 'e' and p.opcintype = 3500) or (t.typcategory = 'A' and t.typelem <> 0 and p.opcintype = 2277)
           or (t.typtype = 'r' and p.opcintype = 3831) or (t.typtype = 'm' and i.typname = 'anymultirange')
           or (t.typtype = 'c' and p.opcintype = 2249)
           or exists (select 1 from pg_catalog.pg_cast k where k.castsource = t.oid and k.casttarget = p.opcintype
                       and k.castmethod = 'b' and k.castcontext = 'i'))
       order by p.opcintype = t.oid desc, i.typispreferred desc, p.oid limit 1) o
), operators as (
  select c.typ, max(m.amopopr) filter (where m.amopstrategy = 1) as lt, max(m.amopopr) filter (where m.amopstrategy = 3) as eq
    from classes c join pg_catalog.pg_amop m on m.amopfamily = c.opcfamily and m.amopmethod = 403
     and m.amoplefttype = c.opcintype and m.amoprighttype = c.opcintype and m.amopstrategy in (1, 3)
   group by c.typ
)
insert into pg_catalog.pg_statistic
select p.relation_oid, p.number, p.inherited, p.nulls, p.width, p.distinct_values,
  case when p.mcv is null then 0 else 1 end, case when p.hist is not null then 2 when p.lengths is not null then 6 else 0 end,
  case when p.corr is null then 0 else 3 end, case when p.mce is not null then 4 when p.bounds is not null then 7 else 0 end,
  case when p.dech is null then 0 else 5 end,
  case when p.mcv is null then 0 else coalesce(o.eq, 0) end,
  case when p.hist is not null then coalesce(o.lt, 0) when p.lengths is not null then 672 else 0 end,
  case when p.corr is null then 0 else coalesce(o.lt, 0) end,
  case when p.mce is not null then coalesce(e.eq, 0) else 0 end, case when p.dech is null then 0 else coalesce(e.eq, 0) end,
  case when p.mcv is null then 0 else p.attcollation end, case when p.hist is null then 0 else p.attcollation end,
  case when p.corr is null then 0 else p.attcollation end,
  case when p.mce is null then 0 when t.typ = 3614 then 100 else p.attcollation end,
  case when p.dech is null then 0 when t.typ = 3614 then 100 else p.attcollation end,
  p.mcf::real[], case when p.lengths is not null and p.hist is null then array[p.empty]::real[] end,
  case when p.corr is not null then array[p.corr]::real[] end, p.mcef::real[], p.dech::real[],
  pg_catalog.array_in(p.mcv::cstring, t.typ, -1),
  pg_catalog.array_in(coalesce(p.hist, p.lengths)::cstring, case when p.hist is null then 701::oid else t.typ end, -1),
  null,
  pg_catalog.array_in(coalesce(p.mce, p.bounds)::cstring, case when p.mce is null and t.element is null then t.typ else t.element end, -1),
  null
 from placed p
 join column_types t on t.origin = p.atttypid
 left join operators o on o.typ = t.typ
 left join operators e on e.typ = t.element`
