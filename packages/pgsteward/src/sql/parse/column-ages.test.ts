import { expect, test } from 'vitest'
import { columnAges } from './column-ages.ts'
import { loadParser } from './parse-statements.ts'

const parse = await loadParser()
const agesIn = (sql: string) => {
  const parsed = parse(sql)
  if ('problem' in parsed) throw new Error(parsed.problem)
  return columnAges(parsed.statements[0]!).map(({ column, bound, days }) => [column, bound, Math.round(days)])
}

test.each([
  [`delete from p where at < now() - interval '90 days'`, [['at', 'upper', 90]]],
  [`delete from p where p.at <= current_timestamp - '1 year 6 mons'::interval`, [['at', 'upper', 548]]],
  [`delete from p where now() - interval '2 weeks' > at`, [['at', 'upper', 14]]],
  ['delete from p where on_day < current_date - 30', [['on_day', 'upper', 30]]],
  ['delete from p where at < now() - make_interval(months => 3)', [['at', 'upper', 91]]],
  [`delete from p where at < now() - 7 * interval '1 day'`, [['at', 'upper', 7]]],
  [
    `delete from p where id in (select id from p where at < date_trunc('day', now() - interval '1 year') limit 1000)`,
    [['at', 'upper', 365]],
  ],
  [`select * from p where at > date_trunc('month', now()) - interval '1 month'`, [['at', 'lower', 30]]],
  [`select * from p where at >= (now() at time zone 'utc') - interval '24 hours'`, [['at', 'lower', 1]]],
] as const)('%s', (sql, ages) => {
  expect(agesIn(sql)).toEqual(ages)
})

test.each([
  'delete from p where at < $1',
  'delete from p where at < now() - $1::interval',
  `delete from p where at < '2026-01-01'`,
  `delete from p where at + interval '1 day' < now()`,
  `delete from p where at < now() + interval '1 day'`,
  `delete from p where at = now() - interval '1 day'`,
])('no age is known: %s', (sql) => {
  expect(agesIn(sql)).toEqual([])
})
