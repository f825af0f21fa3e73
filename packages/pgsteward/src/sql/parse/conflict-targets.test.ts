import { expect, test } from 'vitest'
import { conflictTargets, targetWords } from './conflict-targets.ts'
import { loadParser } from './parse-statements.ts'

const parse = await loadParser()
const targetsIn = (sql: string) => {
  const parsed = parse(sql)
  if ('problem' in parsed) throw new Error(parsed.problem)
  return conflictTargets(parsed.statements[0]!).map((each) => `${each.table} ${targetWords(each)}`)
}

test.each([
  ['insert into p (id) values ($1) on conflict (id) do nothing', ['p (id)']],
  ['insert into s.p (id) values ($1) on conflict (a, lower(b)) do update set c = 1', ['p (a)']],
  ['insert into p (id) values ($1) on conflict on constraint p_pkey do nothing', ['p on constraint p_pkey']],
  [
    'with x as (insert into p values (1) on conflict (id) do nothing returning id) select * from x',
    ['p (id)'],
  ],
  ['insert into p (id) values ($1) on conflict do nothing', []],
  ['select 1', []],
])('%s', (sql, targets) => {
  expect(targetsIn(sql)).toEqual(targets)
})
