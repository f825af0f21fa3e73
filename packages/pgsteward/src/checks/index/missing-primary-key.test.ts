import { expect, test } from 'vitest'
import { judge } from '../../../test/judge.ts'
import { tableRow } from '../../../test/rows.ts'
import { missingPrimaryKey } from './missing-primary-key.ts'

const quiet = {
  'a table with a primary key': { hasPrimaryKey: true },
  'a small table': { rows: 999 },
  'a partition, whose parent speaks for it': { isPartition: true },
  'a materialized view, which can have none': { kind: 'materialized view' as const },
  'a foreign table': { kind: 'foreign table' as const },
  "an extension's table": { extension: 'postgis' },
}

test.each(Object.entries(quiet))('is quiet on %s', (_, over) => {
  expect(judge(missingPrimaryKey, { tables: [tableRow({ hasPrimaryKey: false, ...over })] })).toEqual([])
})

const finds = {
  'a table without one': { over: {}, severity: 'info' },
  'a partitioned table without one': { over: { kind: 'partitioned table' as const }, severity: 'info' },
  'one that is published and fails its updates': {
    over: { isPublishedForChanges: true },
    severity: 'warning',
  },
  'one that is published with its whole rows as identity': {
    over: { isPublishedForChanges: true, replicaIdentity: 'full' as const },
    severity: 'info',
  },
}

test.each(Object.entries(finds))('finds %s', (_, { over, severity }) => {
  expect(judge(missingPrimaryKey, { tables: [tableRow({ hasPrimaryKey: false, ...over })] })).toMatchObject([
    { subject: { kind: 'table', name: 'parcel' }, severity },
  ])
})
