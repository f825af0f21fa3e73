import { beforeAll, expect, test } from 'vitest'
import { column, surroundingsOf, tableOf } from '../../test/advise/surroundings.ts'
import { loadNormaliser, loadParser, type Normaliser, type Parser } from '../sql/parse/parse-statements.ts'
import { tableFinder } from '../sql/parse/table-names.ts'
import { prepareStatement } from './prepare-statement.ts'

const surroundings = surroundingsOf([
  tableOf('parcel', [
    column('id', 'bigint', { distinct: 100_000, histogram: ['1', '500', '1000', '2000', '3000'] }),
    column('tenant_id', 'bigint', {
      distinct: 200,
      mostCommon: [
        { value: '1', share: 0.2 },
        { value: '2', share: 0.1 },
      ],
      histogram: ['3', '90', '180'],
    }),
    column('state', 'text', {
      distinct: 3,
      mostCommon: [
        { value: 'DONE', share: 0.9 },
        { value: 'NEW', share: 0.09 },
        { value: 'OLD', share: 0.01 },
      ],
    }),
    column('doc', 'jsonb', {
      histogram: Array.from({ length: 12 }, (_, i) => JSON.stringify({ kind: i % 2, ref: `R${i + 1}` })),
    }),
    column('label', 'text', { histogram: ['red apple tree', 'Green Banana', 'Old cherries', 'yellow plum'] }),
    column('sent_at', 'timestamp with time zone', {
      histogram: ['2026-01-01', '2026-02-01', '2026-03-01', '2026-04-01'],
    }),
    column('note', 'text', { distinct: null }),
  ]),
])
let parse: Parser
let normalise: Normaliser
beforeAll(async () => {
  parse = await loadParser()
  normalise = await loadNormaliser()
})

function samples(sql: string, variants: readonly (readonly string[])[] = []) {
  const prepared = prepareStatement(
    { id: 'q', sql, callsPerMinute: 1, variants, rowsPerCall: null },
    parse,
    normalise,
    tableFinder(surroundings.tables, ['public']),
    surroundings,
  )
  if ('because' in prepared) throw new Error(prepared.because)
  expect(prepared.samples.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1)
  return { from: prepared.valuesFrom, texts: prepared.samples.map((each) => each.sql) }
}

test('captured values are filled in, never within quotes', () => {
  expect(
    samples("select '$1' from parcel where tenant_id = $1 and state = $2", [
      ['-3', "'NEW'"],
      ['4', "'OLD'"],
    ]),
  ).toEqual({
    from: 'captured',
    texts: [
      "select '$1' from parcel where tenant_id = (-3) and state = 'NEW'",
      "select '$1' from parcel where tenant_id = 4 and state = 'OLD'",
    ],
  })
})

test('without captured values common, middling and rare ones come from statistics, and pages have a size', () => {
  const { from, texts } = samples('select * from parcel where tenant_id = $1 limit $2')
  expect(from).toBe('statistics')
  expect(texts[0]).toBe("select * from parcel where tenant_id = '1' limit 20")
  expect(new Set(texts).size).toBe(3)
})

test('the ends of a range lie in order', () => {
  const { texts } = samples('select 1 from parcel where sent_at >= $1 and sent_at < $2')
  for (const text of texts) {
    const [lower, upper] = [...text.matchAll(/'(\d[^']*)'/g)].map((match) => match[1]!)
    expect(lower! <= upper!).toBe(true)
  }
})

test('what is deleted is old', () => {
  expect(samples('delete from parcel where sent_at < $1').texts).toEqual([
    "delete from parcel where sent_at < '2026-01-01'",
  ])
  expect(samples('select 1 from parcel where sent_at < $1').texts).toHaveLength(3)
})

test('a parameter that no statistics know makes the plan generic', () => {
  expect(samples('select 1 from parcel where note = $1').from).toBe('generic')
})

test('an identifier written as a literal is tried with other values too; a state is not', () => {
  const { from, texts } = samples("select id from parcel where tenant_id = 1 and state = 'NEW' limit 5")
  expect(from).toBe('text')
  expect(texts[0]).toBe("select id from parcel where tenant_id = 1 and state = 'NEW' limit 5")
  expect(texts.length).toBeGreaterThan(1)
  for (const text of texts) expect(text).toMatch(/state = 'NEW' limit 5$/)
  expect(samples("select id from parcel where state = 'NEW'").texts).toHaveLength(1)
})

test('a list gets an array, a document a pair that no row of the statistics has, an optional filter a value', () => {
  const { texts } = samples('select 1 from parcel where tenant_id = any ($1) and ($2 is null or state = $2)')
  for (const text of texts) expect(text).toMatch(/any \('\{"[\d",]+"\}'\) and \('\w+' is null/)
  const held = samples('select 1 from parcel where doc @> $1').texts[0]!
  expect(held).toMatch(/@> '\{"ref":"R\d+~"\}'$/)
  expect(samples("select 1 from parcel where doc ->> 'ref' = $1").texts[0]).toMatch(/= 'R\d+'$/)
})

test('a search within has a pattern that is in no known value, in the letters of its expression', () => {
  const { texts } = samples('select 1 from parcel where lower(label) like $1 and label ilike $2')
  expect(texts[0]).toContain("lower(label) like 'gree%'")
  expect(texts[1]).toMatch(/ilike '%\w{5,10}%'$/)
})

test('both columns of a page by keyset have values, and what is unknown beside them stays a parameter', () => {
  const { from, texts } = samples(
    'select 1 from parcel where (sent_at, id) < ($1, $2) and note = $3 and tenant_id = $4 limit $5',
  )
  expect(from).toBe('statistics')
  expect(texts[0]).toMatch(/< \('2026-0\d-01', '\d+'\) and note = \$1 and tenant_id = '\d+' limit 20$/)
})

test('a literal of a text is varied in its own place, and a reference to few rows is no state', () => {
  const { texts } = samples(
    'with x as (select id from parcel where tenant_id = 1) select coalesce(min(id), 0) from x',
  )
  expect(texts.length).toBeGreaterThan(1)
  for (const text of texts) expect(text).toMatch(/tenant_id = '?\d+'?\) select coalesce\(min\(id\), 0\)/)
})
