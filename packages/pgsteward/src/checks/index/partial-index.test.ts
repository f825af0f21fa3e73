import { expect, test } from 'vitest'
import { adviceRun, advisedIndex } from '../../../test/advice-rows.ts'
import { judge } from '../../../test/judge.ts'
import { indexRow } from '../../../test/rows.ts'
import type { AdvisedIndex } from '../../model/advice.ts'
import { partialIndex } from './partial-index.ts'

const open = (over: Partial<AdvisedIndex> = {}) =>
  advisedIndex({ name: 'parcel_place_part_idx', definition: "(place) where state = 'open'", ...over })
const given = (index: AdvisedIndex, rows: Parameters<typeof indexRow>[0][] = []) => ({
  advice: { done: adviceRun([index]), latest: null },
  indexes: rows.map((row) => indexRow(row)),
})

const quiet = {
  'a whole one, which is another check': given(advisedIndex()),
  'one that exists, as PostgreSQL writes it': given(open(), [
    { name: 'mine', keyColumns: ['place'], predicate: "(state = 'open'::text)" },
  ]),
}
test.each(Object.entries(quiet))('quiet: %s', (_name, facts) => {
  expect(judge(partialIndex, facts)).toEqual([])
})

const finds = {
  'where none is': given(open()),
  'where the same columns are indexed as a whole': given(open(), [{ name: 'all', keyColumns: ['place'] }]),
  'where another part is indexed': given(open(), [
    { name: 'other', keyColumns: ['place'], predicate: "(state = 'closed'::text)" },
  ]),
}
test.each(Object.entries(finds))('finds: %s', (_name, facts) => {
  expect(judge(partialIndex, facts)).toMatchObject([
    { subject: { kind: 'index', name: "parcel (place) where state = 'open'" }, severity: 'warning' },
  ])
})

test('evidence tells what the condition saves', () => {
  const found = judge(partialIndex, given(open({ sizeBytes: 1_000_000, wholeSizeBytes: 9_000_000 })))
  expect(found).toMatchObject([
    {
      evidence: expect.arrayContaining([
        { label: 'size without its condition', value: 9_000_000, unit: 'bytes' },
        { label: 'saved by its condition', value: 8_000_000, unit: 'bytes' },
      ]),
    },
  ])
})
