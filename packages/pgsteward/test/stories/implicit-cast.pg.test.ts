import { afterAll, beforeAll, expect, test } from 'vitest'
import { implicitCast } from '../../src/checks/query/implicit-cast.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { findingsOf } from '../postgres/story.ts'

const [create, index, vacuum, search] = reproductionOf('implicit-cast')
let database: TestDatabase

beforeAll(async () => {
  database = await createDatabase()
  await database.run('create extension pg_stat_statements', create!, index!, vacuum!)
})
afterAll(() => database.drop())

const findings = (statement: string) =>
  findingsOf(implicitCast, database, {
    between: () => database.run(...Array.from({ length: 6 }, () => statement)),
  })

// the remedy is in the application: the value's type
test('a cast column is found, quiet with the type of the column, and found again (A4)', async () => {
  expect(await findings(search!)).toMatchObject([{ subject: { kind: 'query', database: database.name } }])
  expect(await findings('select note from "Parcel Nö" where id = 77::bigint')).toEqual([])
  expect(await findings('select note from "Parcel Nö" where id = 77::int')).toEqual([])
  expect(await findings(search!)).toHaveLength(1)
})

test('which types cast the column, and which do not, is as the planner has it', async () => {
  const columns = {
    small: 'smallint',
    whole: 'integer',
    large: 'bigint',
    exact: 'numeric',
    single: 'real',
    double: 'double precision',
    fixed: 'character(8)',
    varied: 'character varying(8)',
    plain: 'text',
    day: 'date',
    moment: 'timestamptz',
    local: 'timestamp',
  }
  const names = Object.keys(columns)
  await database.run(
    `create table "Kind Nö" (${Object.entries(columns)
      .map(([name, type]) => `${name} ${type}`)
      .join(', ')}, note text)`,
    `insert into "Kind Nö" select i, i, i, i, i, i, i, i, i, date '2026-01-01' + i % 300, timestamptz '2026-01-01' + i * interval '1 hour',
       timestamp '2026-01-01' + i * interval '1 hour', repeat('x', 200) from generate_series(1, 9000) i`,
    ...names.map((name) => `create index on "Kind Nö" (${name})`),
    'vacuum analyze "Kind Nö"',
  )
  const groups = [
    { of: names.slice(0, 6), types: ['int2', 'int4', 'int8', 'numeric', 'float4', 'float8'], value: '7' },
    { of: names.slice(6, 9), types: ['text', 'varchar', 'bpchar'], value: "'7'" },
    { of: names.slice(9), types: ['date', 'timestamp', 'timestamptz'], value: "'2026-02-03'" },
  ]
  const client = await database.connect()
  await client.query('set enable_seqscan = off')
  const statements = groups.flatMap(({ of, types, value }) =>
    of.flatMap((column) =>
      types.map((type) => `select note from "Kind Nö" where ${column} = ${value}::${type}`),
    ),
  )
  const cast: string[] = []
  for (const sql of statements) {
    const { rows } = await client.query(`explain (format json) ${sql}`)
    if (!JSON.stringify(rows).includes('Index Cond')) cast.push(sql)
  }
  const found = await findingsOf(implicitCast, database, {
    // however few pages it visits: the plan has decided
    options: { minShareOfTable: 0.000001 },
    between: () => database.run(...statements.flatMap((sql) => Array.from({ length: 5 }, () => sql))),
  })
  const columnsFound = (pairs: readonly string[]) => new Set(pairs).size
  const foundPairs = found.map(({ evidence }) => {
    const value = (label: string) => String(evidence.find((each) => each.label === label)?.value)
    return `${value('column')} with ${value('compared with')}`
  })
  expect(columnsFound(foundPairs)).toBe(cast.length)
}, 60_000)
