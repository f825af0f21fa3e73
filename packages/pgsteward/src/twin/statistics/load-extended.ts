// Writes extended statistics into a twin. Lists of common combinations are made by PostgreSQL itself, by analyzing a scratch table that
// holds each combination once, and then given the target's frequencies; statistics of expressions go through scratch columns.

import { literal, qualified } from '../../sql/quote.ts'
import { rowsOf, type TwinHost } from '../hosts/host.ts'
import { dependenciesBytes, ndistinctBytes, withFrequencies } from './extended-bytes.ts'
import { loadStatisticsOf } from './load-statistics.ts'
import type { ExtendedStatistics, LeftOut } from './statistics-file.ts'

const SCRATCH = 'pgsteward_scratch'

type Data = ExtendedStatistics['data'][number]

export async function loadExtendedStatistics(
  host: TwinHost,
  objects: readonly ExtendedStatistics[],
): Promise<LeftOut[]> {
  if (objects.every((object) => object.data.length === 0)) return []
  const leftOut: LeftOut[] = []
  // a bytea has the same form as these types, whose input functions refuse every text
  for (const type of ['pg_ndistinct', 'pg_dependencies', 'pg_mcv_list'])
    await host.ask(`create cast (bytea as pg_catalog.${type}) without function`)
  for (const object of objects) {
    const name = qualified(object.schema, object.name)
    for (const data of object.data) {
      try {
        await loadOne(host, object, data)
      } catch (error) {
        await host.ask(`drop schema if exists ${SCRATCH} cascade`)
        leftOut.push({
          kind: 'extended statistics',
          name,
          because: (error as Error).message.split(' in: ')[0]!,
        })
      }
    }
  }
  return leftOut
}

async function loadOne(host: TwinHost, object: ExtendedStatistics, data: Data): Promise<void> {
  const [found] = await rowsOf(
    host,
    `select e.oid, pg_catalog.to_json(pg_catalog.pg_get_statisticsobjdef_expressions(e.oid)),
            (select pg_catalog.json_agg(pg_catalog.quote_ident(a.attname) order by a.attnum) from pg_catalog.pg_attribute a
              where a.attrelid = e.stxrelid and a.attnum = any (e.stxkeys::smallint[]))
       from pg_catalog.pg_statistic_ext e
       join pg_catalog.pg_namespace n on n.oid = e.stxnamespace
      where n.nspname = ${literal(object.schema)} and e.stxname = ${literal(object.name)}`,
  )
  // its table was left out, and it with the table
  if (found === undefined) return
  const oid = found[0]!
  const expressions = JSON.parse(found[1] ?? 'null') as string[] | null
  const columns = JSON.parse(found[2] ?? 'null') as string[] | null
  const dimensions = [...(columns ?? []), ...(expressions ?? []).map((expression) => `(${expression})`)]
  const table = qualified(object.table.schema, object.table.name)
  const mcv =
    data.mostCommon === null ? null : await commonCombinations(host, table, dimensions, data.mostCommon)
  const hasExpressions = data.expressions.length > 0 && data.expressions.length === expressions?.length
  if (hasExpressions) {
    await scratch(
      host,
      table,
      expressions.map((expression) => `(${expression})`),
    )
    const statistics = data.expressions.map((each) => ({ ...each, inherited: false }))
    await loadStatisticsOf(host, [{ schema: SCRATCH, relation: 't', statistics }])
  }
  const cast = (hex: string | null, type: string) =>
    hex === null ? 'null' : `pg_catalog.decode('${hex}', 'hex')::pg_catalog.${type}`
  const inherit = host.versionNum >= 150_000 ? `${data.inherited}, ` : ''
  await rowsOf(
    host,
    // 14 makes an empty row with the object
    `delete from pg_catalog.pg_statistic_ext_data d where d.stxoid = ${oid}${host.versionNum >= 150_000 ? ` and d.stxdinherit = ${data.inherited}` : ''};
     insert into pg_catalog.pg_statistic_ext_data
     select ${oid}, ${inherit}${cast(data.distinct && ndistinctBytes(data.distinct), 'pg_ndistinct')},
            ${cast(data.dependencies && dependenciesBytes(data.dependencies), 'pg_dependencies')}, ${cast(mcv, 'pg_mcv_list')},
            ${hasExpressions ? `(select pg_catalog.array_agg(s order by s.staattnum) from pg_catalog.pg_statistic s where s.starelid = '${SCRATCH}.t'::pg_catalog.regclass)` : 'null'};
     drop schema if exists ${SCRATCH} cascade`,
  )
}

/** An empty table with one column an expression, of its type. */
async function scratch(host: TwinHost, table: string, expressions: readonly string[]): Promise<void> {
  const list = expressions.map((expression, place) => `${expression} as d${place}`)
  await rowsOf(
    host,
    `drop schema if exists ${SCRATCH} cascade; create schema ${SCRATCH};
     create table ${SCRATCH}.t as select ${list.join(', ')} from only ${table} with no data`,
  )
}

/** As hexadecimal. */
async function commonCombinations(
  host: TwinHost,
  table: string,
  dimensions: readonly string[],
  mostCommon: NonNullable<Data['mostCommon']>,
): Promise<string> {
  await scratch(host, table, dimensions)
  const rows = mostCommon.values.map(
    (item) => `(${item.map((value) => (value === null ? 'null' : literal(value))).join(', ')})`,
  )
  const names = dimensions.map((_, place) => `d${place}`).join(', ')
  await rowsOf(host, `insert into ${SCRATCH}.t values ${rows.join(', ')}`)
  const [made] = await rowsOf(
    host,
    `create statistics ${SCRATCH}.s (mcv) on ${names} from ${SCRATCH}.t;
     alter statistics ${SCRATCH}.s set statistics 10000;
     analyze ${SCRATCH}.t;
     select pg_catalog.encode(d.stxdmcv::bytea, 'hex'),
            (select pg_catalog.json_agg(i."values" order by i.index) from pg_catalog.pg_mcv_list_items(d.stxdmcv) i)
       from pg_catalog.pg_statistic_ext e join pg_catalog.pg_statistic_ext_data d on d.stxoid = e.oid
      where e.stxrelid = '${SCRATCH}.t'::pg_catalog.regclass`,
  )
  const order = new Map(mostCommon.values.map((item, place) => [JSON.stringify(item), place]))
  const items = (JSON.parse(made![1]!) as (string | null)[][]).map((item) => {
    const place = order.get(JSON.stringify(item))
    if (place === undefined) throw new Error('a combination came back in another form')
    return {
      frequency: mostCommon.frequencies[place]!,
      baseFrequency: mostCommon.baseFrequencies[place]!,
    }
  })
  return withFrequencies(made![0]!, dimensions.length, items)
}
