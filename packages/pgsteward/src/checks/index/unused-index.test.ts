import { expect, test } from 'vitest'
import { ago, judge } from '../../../test/judge.ts'
import { indexRow } from '../../../test/rows.ts'
import { unusedIndex } from './unused-index.ts'

const DAY = 86_400_000
const server = { startedAt: ago(40 * DAY) }

const quiet = {
  'an index that was scanned once': { scansSinceReset: 1 },
  'a small one': { sizeBytes: 8192 },
  'a unique one': { isUnique: true },
  'an exclusion constraint': {
    isExclusion: true,
    constraintDefinition: 'EXCLUDE USING gist (during WITH &&)',
  },
  'the replica identity': { isReplicaIdentity: true },
  'the one that the table is clustered by': { isClustered: true },
  "a partition's part of a partitioned index": { isPartOfPartitioned: true },
  'a partitioned index, which is never scanned itself': { hasStorage: false },
  'an invalid one, which nothing can scan': { isValid: false },
  'one that is being built': { isBeingBuilt: true },
  "an extension's": { extension: 'postgis' },
}

test.each(Object.entries(quiet))('is quiet on %s', (_, over) => {
  expect(judge(unusedIndex, { indexes: [indexRow(over)] }, { server })).toEqual([])
})

const finds = {
  'an index without scans': {},
  'a partial one': { predicate: '(weight > 10)' },
  'one of another method': { method: 'gin' },
}

test.each(Object.entries(finds))('finds %s', (_, over) => {
  expect(judge(unusedIndex, { indexes: [indexRow(over)] }, { server })).toMatchObject([
    { subject: { kind: 'index', name: 'parcel_weight_idx' }, severity: 'warning' },
  ])
})

test('says nothing while the statistics are younger than the window', () => {
  const facts = { indexes: [indexRow()] }
  expect(judge(unusedIndex, facts, { server: { startedAt: ago(29 * DAY) } })).toHaveProperty('skip')
  const wasReset = { startedAt: ago(90 * DAY), statsResetAt: ago(DAY) }
  expect(judge(unusedIndex, facts, { server: wasReset })).toHaveProperty('skip')
})

test('leaves an index that repeats another to duplicate-index', () => {
  const indexes = [indexRow(), indexRow({ name: 'twin', scansSinceReset: 9 })]
  expect(judge(unusedIndex, { indexes }, { server })).toEqual([])
})
