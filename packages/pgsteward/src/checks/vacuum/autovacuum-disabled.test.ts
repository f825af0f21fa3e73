import { expect, test } from 'vitest'
import { judge } from '../../../test/judge.ts'
import { tableRow } from '../../../test/rows.ts'
import { autovacuumDisabled } from './autovacuum-disabled.ts'

const off = { isAutovacuumOffForTable: true, isAutovacuumOff: true }

const quiet = {
  'a changed table that autovacuum visits': { deadTuples: 900_000 },
  'autovacuum off for the whole server, which is another check': {
    deadTuples: 900_000,
    isAutovacuumOff: true,
  },
  'an archive that nobody changes': off,
  'one that is vacuumed by schedule instead': { ...off, deadTuples: 100_000, modifiedSinceAnalyze: 90_000 },
  'a handful of changes': { ...off, deadTuples: 900, vacuumThreshold: 50 },
}

test.each(Object.entries(quiet))('is quiet on %s', (_, over) => {
  expect(judge(autovacuumDisabled, { tables: [tableRow(over)] })).toEqual([])
})

const finds = {
  'dead rows that autovacuum would have removed': { ...off, deadTuples: 300_000 },
  'changes that it would have analyzed': { ...off, modifiedSinceAnalyze: 200_000 },
}

test.each(Object.entries(finds))('finds %s', (_, over) => {
  expect(judge(autovacuumDisabled, { tables: [tableRow(over)] })).toMatchObject([
    {
      subject: { kind: 'table', name: 'parcel' },
      severity: 'warning',
      remedy: {
        sql: ['alter table public.parcel reset (autovacuum_enabled)'],
        undo: ['alter table public.parcel set (autovacuum_enabled = false)'],
      },
    },
  ])
})

test('names a materialized view as what it is', () => {
  const view = tableRow({ ...off, kind: 'materialized view', name: 'Übersicht', deadTuples: 300_000 })
  expect(judge(autovacuumDisabled, { tables: [view] })).toMatchObject([
    { remedy: { sql: ['alter materialized view public."Übersicht" reset (autovacuum_enabled)'] } },
  ])
})
