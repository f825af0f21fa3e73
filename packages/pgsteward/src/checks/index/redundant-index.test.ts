import { expect, test } from 'vitest'
import { judge } from '../../../test/judge.ts'
import { indexRow } from '../../../test/rows.ts'
import { redundantIndex } from './redundant-index.ts'

const longer = (over: Parameters<typeof indexRow>[0] = {}) =>
  indexRow({ name: 'parcel_weight_place_idx', keyColumns: ['weight', 'place'], ...over })

const quiet = {
  'an index on its own': [indexRow()],
  'a longer one that begins otherwise': [indexRow(), longer({ keyColumns: ['place', 'weight'] })],
  'a twin, which is another check': [indexRow(), indexRow({ name: 'twin' })],
  'a unique index: its rule is on fewer columns': [indexRow({ isUnique: true }), longer()],
  'an exclusion constraint': [indexRow({ isExclusion: true }), longer()],
  'the replica identity': [indexRow({ isReplicaIdentity: true }), longer()],
  'another method': [indexRow({ method: 'hash' }), longer()],
  'another operator class': [indexRow({ keySignatures: ['weight 4217 0 0'] }), longer()],
  'another sort order': [indexRow({ keySignatures: ['weight 1978 0 3'] }), longer()],
  'a longer one for some rows only': [indexRow(), longer({ predicate: '(weight > 10)' })],
  'a partial one inside a whole one, which is smaller for a reason': [
    indexRow({ predicate: '(weight > 10)' }),
    longer(),
  ],
  'an INCLUDE column that the longer one lacks': [indexRow({ includeColumns: ['sent_at'] }), longer()],
  'a longer one that is invalid': [indexRow(), longer({ isValid: false })],
  'a longer one that is being built': [indexRow(), longer({ isBeingBuilt: true })],
  'a longer one of another table': [indexRow(), longer({ table: 'letter' })],
  'a small one': [indexRow({ sizeBytes: 16_384 }), longer()],
  "a partition's part": [indexRow({ isPartOfPartitioned: true }), longer({ isPartOfPartitioned: true })],
}

test.each(Object.entries(quiet))('is quiet on %s', (_, indexes) => {
  expect(judge(redundantIndex, { indexes })).toEqual([])
})

const finds = {
  'the beginning of a longer index': { indexes: [indexRow(), longer()], severity: 'warning' },
  'the beginning of a primary key': {
    indexes: [indexRow(), longer({ isUnique: true, isPrimary: true, constraintDefinition: 'PRIMARY KEY' })],
    severity: 'warning',
  },
  'the same keys with fewer INCLUDE columns': {
    indexes: [indexRow(), indexRow({ name: 'wide', includeColumns: ['place'] })],
    severity: 'warning',
  },
  'an INCLUDE column that is a key of the longer one': {
    indexes: [indexRow({ includeColumns: ['place'] }), longer()],
    severity: 'warning',
  },
  'the same predicate': {
    indexes: [indexRow({ predicate: '(weight > 10)' }), longer({ predicate: '(weight > 10)' })],
    severity: 'warning',
  },
  'a much smaller one that is scanned, as a matter of taste': {
    indexes: [indexRow({ scansSinceReset: 9 }), longer({ sizeBytes: 100 * 1024 ** 2 })],
    severity: 'info',
  },
  'a much smaller one that nothing scans': {
    indexes: [indexRow(), longer({ sizeBytes: 100 * 1024 ** 2 })],
    severity: 'warning',
  },
}

test.each(Object.entries(finds))('finds %s', (_, { indexes, severity }) => {
  expect(judge(redundantIndex, { indexes })).toMatchObject([
    { subject: { name: 'parcel_weight_idx' }, severity },
  ])
})
