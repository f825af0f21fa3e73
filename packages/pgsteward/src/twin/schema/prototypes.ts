// One column for each kind of column that a schema's plain tables have, made by real DDL: PostgreSQL itself resolves types, collations,
// defaults and operator classes, and what is written into the catalogs is copied from these.

import { literal } from '../../sql/quote.ts'
import { PROTOTYPES, WHOLE_PROTOTYPE } from '../hosts/cluster.ts'
import { rowsOf, type TwinHost } from '../hosts/host.ts'
import type { PlainColumn, PlainTable } from './plain-tables.ts'

/** A prototype's relation and the number of the column in it. */
interface Place {
  readonly relation: string
  readonly number: number
}

export interface ColumnPrototype extends Place {
  readonly typeOid: string
}

export interface KeyPrototype extends ColumnPrototype {
  readonly operatorClass: string
  readonly collation: string
  /** The class's own equality, on both sides. */
  readonly equals: string
}

export interface Prototypes {
  /** Oids of whole objects to copy. */
  readonly table: string
  readonly index: string
  readonly column: (column: PlainColumn) => ColumnPrototype | undefined
  readonly key: (column: PlainColumn, operatorClass: string | null) => KeyPrototype | undefined
}

/** Far from the 1600 that a table may have, since row size is bounded too. */
const COLUMNS = 200
/** INDEX_MAX_KEYS. */
const KEYS = 32

interface Wanted {
  readonly definition: string
  readonly operatorClasses: Set<string>
}

export async function makePrototypes(host: TwinHost, tables: readonly PlainTable[]): Promise<Prototypes> {
  await rowsOf(host, WHOLE_PROTOTYPE)
  const wanted = wantedOf(tables)
  const columns = new Map<string, Place>()
  let count = 0
  const attempt = async (some: readonly Wanted[]): Promise<void> => {
    if (some.length === 0) return
    const name = `c${count++}`
    const list = some.map(({ definition }, place) => `c${place + 1} ${definition}`)
    const { error } = await host.ask(`create table ${PROTOTYPES}.${name} (${list.join(', ')})`)
    if (error === null)
      for (const [place, { definition }] of some.entries())
        columns.set(definition, { relation: name, number: place + 1 })
    // one that the host refuses must not cost the others theirs
    else if (some.length > 1) {
      const half = Math.ceil(some.length / 2)
      await attempt(some.slice(0, half))
      await attempt(some.slice(half))
    }
  }
  for (let at = 0; at < wanted.length; at += COLUMNS) await attempt(wanted.slice(at, at + COLUMNS))
  const keys = await makeKeys(host, wanted, columns)
  const relations = await relationsOf(host)
  const oidOf = (name: string) => relations.get(`${name} 1`)!.relation
  return {
    table: oidOf('whole'),
    index: oidOf('whole_key'),
    column: ({ definition }) => {
      const found = columns.get(definition)
      return found === undefined ? undefined : relations.get(`${found.relation} ${found.number}`)
    },
    key: ({ definition }, operatorClass) => keys.get(keyOf(definition, operatorClass ?? '')),
  }
}

function wantedOf(tables: readonly PlainTable[]): Wanted[] {
  const wanted = new Map<string, Wanted>()
  for (const { columns, indexes } of tables) {
    for (const { definition } of columns)
      if (!wanted.has(definition)) wanted.set(definition, { definition, operatorClasses: new Set() })
    for (const { keys } of indexes)
      for (const { column, operatorClass } of keys)
        wanted.get(columns[column - 1]!.definition)!.operatorClasses.add(operatorClass ?? '')
  }
  return [...wanted.values()]
}

function keyOf(definition: string, operatorClass: string): string {
  return JSON.stringify([definition, operatorClass])
}

/** Real indexes over the prototypes' columns; a key that is refused has no prototype. */
async function makeKeys(
  host: TwinHost,
  wanted: readonly Wanted[],
  columns: ReadonlyMap<string, Place>,
): Promise<ReadonlyMap<string, KeyPrototype>> {
  interface Key extends Place {
    readonly definition: string
    readonly operatorClass: string
  }
  const byRelation = Map.groupBy(
    wanted.flatMap(({ definition, operatorClasses }) => {
      const column = columns.get(definition)
      if (column === undefined) return []
      return [...operatorClasses].map((operatorClass): Key => ({ ...column, definition, operatorClass }))
    }),
    ({ relation }) => relation,
  )
  const made = new Map<string, Key>()
  let count = 0
  const attempt = async (relation: string, some: readonly Key[]): Promise<void> => {
    if (some.length === 0) return
    const name = `i${count++}`
    const list = some.map(({ number, operatorClass }) => `c${number} ${operatorClass}`)
    const { error } = await host.ask(
      `create index ${name} on ${PROTOTYPES}.${relation} using btree (${list.join(', ')})`,
    )
    if (error === null) for (const [place, key] of some.entries()) made.set(`${name} ${place + 1}`, key)
    else if (some.length > 1) {
      const half = Math.ceil(some.length / 2)
      await attempt(relation, some.slice(0, half))
      await attempt(relation, some.slice(half))
    }
  }
  for (const [relation, keys] of byRelation)
    for (let at = 0; at < keys.length; at += KEYS) await attempt(relation, keys.slice(at, at + KEYS))
  const rows = await rowsOf(
    host,
    `select c.relname || ' ' || k.place, x.indexrelid, k.place, o.oid, (x.indcollation::oid[])[k.place - 1], a.atttypid,
            (select m.amopopr from pg_catalog.pg_amop m where m.amopfamily = o.opcfamily and m.amopmethod = o.opcmethod
                and m.amopstrategy = 3 and m.amoplefttype = o.opcintype and m.amoprighttype = o.opcintype)
       from pg_catalog.pg_index x
       join pg_catalog.pg_class c on c.oid = x.indexrelid
       cross join lateral pg_catalog.unnest(x.indclass::oid[]) with ordinality k(opclass, place)
       join pg_catalog.pg_opclass o on o.oid = k.opclass
       join pg_catalog.pg_attribute a on a.attrelid = x.indrelid and a.attnum = x.indkey[k.place - 1]
      where c.relnamespace = ${literal(PROTOTYPES)}::pg_catalog.regnamespace`,
  )
  return new Map(
    rows.flatMap(([name, relation, place, operatorClass, collation, typeOid, equals]) => {
      const key = made.get(name!)
      if (key === undefined) return []
      const prototype: KeyPrototype = {
        relation: relation!,
        number: Number(place),
        operatorClass: operatorClass!,
        collation: collation ?? '0',
        typeOid: typeOid!,
        equals: equals!,
      }
      return [[keyOf(key.definition, key.operatorClass), prototype]]
    }),
  )
}

/** By name and number of the column. */
async function relationsOf(host: TwinHost): Promise<ReadonlyMap<string, ColumnPrototype>> {
  const rows = await rowsOf(
    host,
    `select c.relname, c.oid, a.attnum, a.atttypid
       from pg_catalog.pg_class c join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0
      where c.relnamespace = ${literal(PROTOTYPES)}::pg_catalog.regnamespace`,
  )
  return new Map(
    rows.map(([name, relation, number, typeOid]) => [
      `${name} ${number}`,
      { relation: relation!, number: Number(number), typeOid: typeOid! },
    ]),
  )
}
