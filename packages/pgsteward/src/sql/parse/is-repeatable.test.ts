import { expect, test } from 'vitest'
import { loadParser } from './parse-statements.ts'
import { traitsOf } from './statement-traits.ts'

const parse = await loadParser()
const isRepeatable = (text: string) => traitsOf(text, parse)?.isRepeatable

const PRISMA = '"public"."tariff"."id" FROM "public"."tariff" WHERE'

test.each([
  'select count(*) from tariff',
  'select * from tariff where id = $1',
  'select * from tariff where depot_id = $1 and lower(name) = $2 order by id limit $3',
  `SELECT ${PRISMA} ("public"."tariff"."depot_id" = $1 AND $4=$5) ORDER BY "public"."tariff"."id" ASC LIMIT $2 OFFSET $3`,
  `SELECT COUNT(*) FROM (SELECT ${PRISMA} "public"."tariff"."kind" = CAST($1::text AS "public"."kind") OFFSET $2) AS "sub"`,
])('may be kept: %s', (text) => {
  expect(isRepeatable(text)).toBe(true)
})

test.each([
  ['a write', 'update tariff set price = $1 where id = $2'],
  ['a write inside', 'with gone as (delete from tariff where id = $1 returning id) select * from gone'],
  ['a lock', 'select * from tariff where id = $1 for no key update'],
  ['the time', 'select * from tariff where valid_until = current_date'],
  ['chance', 'select * from tariff order by random() limit $1'],
  ['the session', 'select * from tariff where depot = current_setting($1)'],
  ['a bound', 'select * from tariff where since > $1'],
  ['a value elsewhere', 'select similarity(name, $1) from tariff'],
  ['a page', 'select * from tariff order by id limit $1 offset $2'],
  ['a list of keys', 'select * from tariff where id in ($1, $2, $3)'],
  ['a list of any length', 'select * from tariff where id in ($1 /*, ... */)'],
  ['a lock at the end of a long text', `select ${'a, '.repeat(600)} b from tariff where id = $1 for update`],
])('not %s: %s', (_, text) => {
  expect(isRepeatable(text)).toBe(false)
})
