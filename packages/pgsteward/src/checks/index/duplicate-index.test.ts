import { expect, test } from 'vitest'
import { judge } from '../../../test/judge.ts'
import { indexRow } from '../../../test/rows.ts'
import { duplicateIndex } from './duplicate-index.ts'

const twin = (over: Parameters<typeof indexRow>[0] = {}) => indexRow({ name: 'parcel_weight_twin', ...over })

const quiet = {
  'an index on its own': [indexRow()],
  'other columns': [indexRow(), twin({ keyColumns: ['place'] })],
  'the same columns in another order': [
    indexRow({ keyColumns: ['weight', 'place'] }),
    twin({ keyColumns: ['place', 'weight'] }),
  ],
  'another operator class': [indexRow(), twin({ keySignatures: ['weight 4217 0 0'] })],
  'another collation': [indexRow(), twin({ keySignatures: ['weight 1978 950 0'] })],
  'another sort order': [indexRow(), twin({ keySignatures: ['weight 1978 0 3'] })],
  'another method': [indexRow(), twin({ method: 'hash' })],
  'another predicate': [indexRow(), twin({ predicate: '(weight > 10)' })],
  'more INCLUDE columns': [indexRow(), twin({ includeColumns: ['place'] })],
  'the same columns of another table': [indexRow(), twin({ table: 'letter' })],
  'two exclusion constraints': [indexRow({ isExclusion: true }), twin({ isExclusion: true })],
  "parts of partitioned indexes, which go with their parents'": [
    indexRow({ isPartOfPartitioned: true }),
    twin({ isPartOfPartitioned: true }),
  ],
  'a twin that is invalid': [indexRow(), twin({ isValid: false })],
  'a twin that is being built': [indexRow(), twin({ isBeingBuilt: true })],
  'a twin of one page': [indexRow(), twin({ sizeBytes: 16_384 })],
  'two that foreign keys rest on': [
    indexRow({ isUnique: true, referencedBy: 1 }),
    twin({ isUnique: true, referencedBy: 1 }),
  ],
  'unique rules that differ in nulls': [
    indexRow({ isUnique: true }),
    twin({
      isUnique: true,
      definition: 'CREATE UNIQUE INDEX t ON public.parcel USING btree (weight) NULLS NOT DISTINCT',
    }),
  ],
  'a unique rule that is checked at another moment': [
    indexRow({ isUnique: true, constraintDefinition: 'UNIQUE (weight) DEFERRABLE' }),
    twin({ isUnique: true }),
  ],
}

test.each(Object.entries(quiet))('is quiet on %s', (_, indexes) => {
  expect(judge(duplicateIndex, { indexes })).toEqual([])
})

const finds = {
  'the one that is scanned less': {
    indexes: [indexRow({ scansSinceReset: 5 }), twin({ scansSinceReset: 7 })],
    name: 'parcel_weight_idx',
  },
  'a plain twin of a unique index': {
    indexes: [indexRow({ scansSinceReset: 5 }), twin({ isUnique: true })],
    name: 'parcel_weight_idx',
  },
  'a unique constraint beside the primary key': {
    indexes: [
      indexRow({ isUnique: true, isPrimary: true, constraintDefinition: 'PRIMARY KEY (weight)' }),
      twin({ isUnique: true, constraintDefinition: 'UNIQUE (weight)' }),
    ],
    name: 'parcel_weight_twin',
  },
  'an expression twice': {
    indexes: [indexRow({ keyColumns: ['lower(place)'] }), twin({ keyColumns: ['lower(place)'] })],
    name: 'parcel_weight_twin',
  },
  'the same on a partitioned table, whatever its size': {
    indexes: [indexRow({ hasStorage: false, sizeBytes: 0 }), twin({ hasStorage: false, sizeBytes: 0 })],
    name: 'parcel_weight_twin',
  },
}

test.each(Object.entries(finds))('finds %s', (_, { indexes, name }) => {
  expect(judge(duplicateIndex, { indexes })).toMatchObject([{ subject: { name }, severity: 'warning' }])
})

test('of three it keeps one', () => {
  expect(judge(duplicateIndex, { indexes: [indexRow(), twin(), twin({ name: 'third' })] })).toHaveLength(2)
})

test("a constraint's index goes with its constraint", () => {
  const indexes = [
    indexRow({ isUnique: true, isPrimary: true, constraintDefinition: 'PRIMARY KEY (weight)' }),
    twin({ name: 'Twin', isUnique: true, constraintDefinition: 'UNIQUE (weight)' }),
  ]
  expect(judge(duplicateIndex, { indexes })).toMatchObject([
    {
      remedy: {
        sql: ['alter table public.parcel drop constraint if exists "Twin"'],
        undo: ['alter table public.parcel add constraint "Twin" UNIQUE (weight)'],
        lock: 'access exclusive',
      },
    },
  ])
})
