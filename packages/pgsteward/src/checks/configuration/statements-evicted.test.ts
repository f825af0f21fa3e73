import { expect, test } from 'vitest'
import { intervalOf, judge, NOW } from '../../../test/judge.ts'
import { settingRow } from '../../../test/rows.ts'
import type { Break } from '../../model/fact.ts'
import { statementsEvicted } from './statements-evicted.ts'

const settings = (value: string) => [
  settingRow({ name: 'pg_stat_statements.max', value, context: 'postmaster' }),
]
const broken = (...causes: Break['cause'][]) => ({
  ...intervalOf([], 600),
  breaks: causes.map((cause) => ({ at: NOW, cause })),
})

const quiet = {
  'an unbroken interval': broken(),
  'a reset and a restart': broken('reset', 'restart'),
}

test.each(Object.entries(quiet))('is quiet on %s', (_, statements) => {
  expect(judge(statementsEvicted, { statements, settings: settings('5000') })).toEqual([])
})

test('is quiet below the number of readings asked for', () => {
  const facts = { statements: broken('eviction', 'eviction'), settings: settings('5000') }
  expect(judge(statementsEvicted, facts, { options: { minReadings: 3 } })).toEqual([])
})

const finds: Record<string, readonly [max: string, advised: string]> = {
  'the default size': ['5000', '20000'],
  'a size whose multiple would make every reading slow': ['20000', '50000'],
}

test.each(Object.entries(finds))('finds evictions at %s', (_, [max, advised]) => {
  expect(judge(statementsEvicted, { statements: broken('eviction'), settings: settings(max) })).toMatchObject(
    [
      {
        subject: { kind: 'setting', name: 'pg_stat_statements.max' },
        severity: 'info',
        remedy: { sql: [`alter system set pg_stat_statements.max = '${advised}'`] },
      },
    ],
  )
})

test('a size that is large already gets no remedy: the texts are the trouble', () => {
  const findings = judge(statementsEvicted, { statements: broken('eviction'), settings: settings('80000') })
  expect(findings).toMatchObject([{ subject: { name: 'pg_stat_statements.max' } }])
  expect(findings).not.toMatchObject([{ remedy: expect.anything() }])
})
