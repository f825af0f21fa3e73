import { expect, test } from 'vitest'
import { judge } from '../../../test/judge.ts'
import { tableRow } from '../../../test/rows.ts'
import { deadTuples } from './dead-tuples.ts'

/** Autovacuum of parcel is due from 200,050 dead rows. */
const quiet = {
  'no dead rows': {},
  'fewer than autovacuum waits for': { deadTuples: 190_000 },
  'autovacuum being due, not late': { deadTuples: 390_000 },
  'a vacuum at work': { deadTuples: 900_000, isBeingVacuumed: true },
  'a small busy table': { deadTuples: 9_000, rows: 100, vacuumThreshold: 70 },
  'a large table with a tight threshold of its own': { deadTuples: 20_000, vacuumThreshold: 1000 },
}

test.each(Object.entries(quiet))('is quiet on %s', (_, over) => {
  expect(judge(deadTuples, { tables: [tableRow(over)] })).toEqual([])
})

const finds = {
  'twice what autovacuum waits for': { deadTuples: 410_000 },
  'a queue that nobody cleans': { deadTuples: 50_000, rows: 100, vacuumThreshold: 70 },
  'the same with autovacuum off': { deadTuples: 410_000, isAutovacuumOff: true },
}

test.each(Object.entries(finds))('finds %s', (_, over) => {
  expect(judge(deadTuples, { tables: [tableRow(over)] })).toMatchObject([
    {
      subject: { kind: 'table', name: 'parcel' },
      severity: 'warning',
      remedy: { sql: ['vacuum (analyze) public.parcel'], undo: null },
    },
  ])
})
