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
    column('state', 'text', { distinct: 3 }),
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
