import { expect, test } from 'vitest'
import { intervalOf, judge } from '../../../test/judge.ts'
import { databaseRow } from '../../../test/rows.ts'
import { manyRollbacks } from './many-rollbacks.ts'

const quiet = {
  'a rollback now and then': [databaseRow({ commits: 1000, rollbacks: 50 })],
  'a handful of transactions': [databaseRow({ commits: 10, rollbacks: 90 })],
  'another database': [databaseRow({ commits: 1000, rollbacks: 900, database: 'other' })],
  'a database that did nothing': [],
}

test.each(Object.entries(quiet))('is quiet on %s', (_, rows) => {
  expect(judge(manyRollbacks, { databases: intervalOf(rows) })).toEqual([])
})

const finds = {
  'a tenth': { commits: 900, rollbacks: 100 },
  'all of them': { commits: 0, rollbacks: 500 },
}

test.each(Object.entries(finds))('finds %s', (_, counts) => {
  expect(judge(manyRollbacks, { databases: intervalOf([databaseRow(counts)]) })).toMatchObject([
    { subject: { kind: 'database', name: 'app' }, severity: 'info' },
  ])
})
