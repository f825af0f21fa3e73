import { expect, test } from 'vitest'
import { judge } from '../../../test/judge.ts'
import { indexRow } from '../../../test/rows.ts'
import { invalidIndex } from './invalid-index.ts'

const quiet = {
  'a valid index': { isValid: true },
  'one that is being built': { isValid: false, isReady: false, isBeingBuilt: true },
  'a partitioned one whose parts are still missing': { isValid: false, hasStorage: false },
  "an extension's": { isValid: false, extension: 'timescaledb' },
}

test.each(Object.entries(quiet))('is quiet on %s', (_, over) => {
  expect(judge(invalidIndex, { indexes: [indexRow(over)] })).toEqual([])
})

const finds = {
  'what CREATE INDEX left: it is rebuilt': {
    over: { name: 'parcel_weight_idx' },
    sql: 'reindex index concurrently public.parcel_weight_idx',
  },
  'what REINDEX left: it is dropped': {
    over: { name: 'parcel_weight_idx_ccnew' },
    sql: 'drop index concurrently if exists public.parcel_weight_idx_ccnew',
  },
  'what a second REINDEX left': {
    over: { name: 'parcel_weight_idx_ccnew1' },
    sql: 'drop index concurrently if exists public.parcel_weight_idx_ccnew1',
  },
  'what REINDEX left after the switch': {
    over: { name: 'parcel_weight_idx_ccold' },
    sql: 'drop index concurrently if exists public.parcel_weight_idx_ccold',
  },
  'a unique one, which would fail again': {
    over: { name: 'Parcel key', isUnique: true },
    sql: 'drop index concurrently if exists public."Parcel key"',
  },
}

test.each(Object.entries(finds))('finds %s', (_, { over, sql }) => {
  expect(judge(invalidIndex, { indexes: [indexRow({ isValid: false, ...over })] })).toMatchObject([
    { subject: { name: over.name }, severity: 'warning', remedy: { sql: [sql] } },
  ])
})

test('undo of dropping a unique index builds it as it was, concurrently', () => {
  const indexes = [indexRow({ isValid: false, isUnique: true })]
  expect(judge(invalidIndex, { indexes })).toMatchObject([
    {
      remedy: {
        undo: ['CREATE UNIQUE INDEX CONCURRENTLY parcel_weight_idx ON public.parcel USING btree (weight)'],
      },
    },
  ])
})
