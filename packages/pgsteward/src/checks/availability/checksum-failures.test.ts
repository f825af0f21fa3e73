import { expect, test } from 'vitest'
import { intervalOf, judge } from '../../../test/judge.ts'
import { databaseRow } from '../../../test/rows.ts'
import { checksumFailures } from './checksum-failures.ts'

const quiet = {
  'sound pages': [databaseRow({ checksumFailures: 0 })],
  'a cluster without checksums': [databaseRow({ checksumFailures: null })],
  'a failure in another database': [databaseRow({ checksumFailures: 1, database: 'other' })],
  'a database that did nothing': [],
}

test.each(Object.entries(quiet))('is quiet on %s', (_, rows) => {
  expect(judge(checksumFailures, { databases: intervalOf(rows) })).toEqual([])
})

const finds = { 'one failure': 1, 'many failures': 900 }

test.each(Object.entries(finds))('finds %s', (_, count) => {
  const databases = intervalOf([databaseRow({ checksumFailures: count })])
  expect(judge(checksumFailures, { databases })).toMatchObject([
    { subject: { kind: 'database', name: 'app' }, severity: 'critical' },
  ])
})
