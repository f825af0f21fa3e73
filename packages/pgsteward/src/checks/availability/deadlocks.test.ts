import { expect, test } from 'vitest'
import { intervalOf, judge } from '../../../test/judge.ts'
import { databaseRow } from '../../../test/rows.ts'
import { deadlocks } from './deadlocks.ts'

const quiet = {
  none: [databaseRow({ deadlocks: 0 })],
  'rollbacks of another cause': [databaseRow({ deadlocks: 0, rollbacks: 500 })],
  'deadlocks of another database': [databaseRow({ deadlocks: 9, database: 'other' })],
  'a database that did nothing': [],
}

test.each(Object.entries(quiet))('is quiet on %s', (_, rows) => {
  expect(judge(deadlocks, { databases: intervalOf(rows) })).toEqual([])
})

const finds: Record<string, readonly [count: number, severity: string]> = {
  'a single one': [1, 'info'],
  'a pattern': [5, 'warning'],
}

test.each(Object.entries(finds))('finds %s', (_, [count, severity]) => {
  expect(judge(deadlocks, { databases: intervalOf([databaseRow({ deadlocks: count })]) })).toMatchObject([
    { subject: { kind: 'database', name: 'app' }, severity },
  ])
})
