import { expect, test } from 'vitest'
import { judge } from '../../../test/judge.ts'
import { disabledTriggerRow } from '../../../test/rows.ts'
import { disabledTrigger } from './disabled-trigger.ts'

/** One of the two triggers by which letter looks for its parcel. */
const ofForeignKey = {
  table: 'letter',
  name: 'RI_ConstraintTrigger_c_16403',
  kind: 'foreign key' as const,
  rule: 'letter_parcel_fkey',
  definition: 'FOREIGN KEY (parcel) REFERENCES parcel(id)',
}

test('is quiet without a disabled trigger', () => {
  expect(judge(disabledTrigger, { disabledTriggers: [] })).toEqual([])
})

test("is quiet on an extension's", () => {
  const disabledTriggers = [disabledTriggerRow({ extension: 'postgis' })]
  expect(judge(disabledTrigger, { disabledTriggers })).toEqual([])
})

test('is quiet on a partitioned table alone: its rows are in partitions, where the trigger fires', () => {
  const disabledTriggers = [disabledTriggerRow({ isPartitioned: true, wouldFire: false })]
  expect(judge(disabledTrigger, { disabledTriggers })).toEqual([])
})

test('is quiet on a trigger that configuration names, but not on a constraint of that name', () => {
  const options = { ignore: ['parcel_audit'] }
  const plain = disabledTriggerRow()
  expect(judge(disabledTrigger, { disabledTriggers: [plain] }, { options })).toEqual([])
  const key = disabledTriggerRow({ ...ofForeignKey, name: 'parcel_audit' })
  expect(judge(disabledTrigger, { disabledTriggers: [key] }, { options })).toHaveLength(1)
})

test('finds a trigger, as something to know', () => {
  expect(judge(disabledTrigger, { disabledTriggers: [disabledTriggerRow()] })).toMatchObject([
    {
      subject: { kind: 'table', database: 'app', schema: 'public', name: 'parcel' },
      severity: 'info',
      summary: 'Table parcel has disabled triggers: parcel_audit',
      remedy: {
        sql: ['alter table public.parcel enable trigger parcel_audit'],
        undo: ['alter table public.parcel disable trigger parcel_audit'],
        lock: 'share row exclusive',
      },
    },
  ])
})

const constraints = {
  'a foreign key': {},
  'a deferrable unique constraint': { kind: 'unique constraint' as const },
  'a deferrable primary key': { kind: 'primary key' as const },
  'a deferrable exclusion constraint': { kind: 'exclusion constraint' as const },
}

test.each(Object.entries(constraints))('warns of %s', (_, over) => {
  const row = disabledTriggerRow({ ...ofForeignKey, ...over })
  expect(judge(disabledTrigger, { disabledTriggers: [row] })).toMatchObject([
    {
      subject: { name: 'letter' },
      severity: 'warning',
      summary: `Table letter does not enforce ${row.kind} letter_parcel_fkey: the triggers behind it are disabled`,
      remedy: { sql: ['alter table public.letter enable trigger "RI_ConstraintTrigger_c_16403"'] },
    },
  ])
})

test('all of one table are one finding, as grave as the gravest, with a foreign key told once', () => {
  const disabledTriggers = [
    disabledTriggerRow({ table: 'letter', name: 'Weird "Name"' }),
    disabledTriggerRow(ofForeignKey),
    disabledTriggerRow({ ...ofForeignKey, name: 'RI_ConstraintTrigger_c_16404' }),
  ]
  expect(judge(disabledTrigger, { disabledTriggers })).toMatchObject([
    {
      severity: 'warning',
      evidence: [
        { label: 'foreign key letter_parcel_fkey', value: ofForeignKey.definition },
        { label: 'trigger Weird "Name"' },
        { label: 'disabled triggers', value: 3 },
        { label: 'reported from', value: 1 },
      ],
      remedy: {
        sql: [
          'alter table public.letter enable trigger "Weird ""Name"""',
          'alter table public.letter enable trigger "RI_ConstraintTrigger_c_16403"',
          'alter table public.letter enable trigger "RI_ConstraintTrigger_c_16404"',
        ],
      },
    },
  ])
})

test('tables of one name in two schemas are two findings', () => {
  const disabledTriggers = [disabledTriggerRow(), disabledTriggerRow({ schema: 'archive' })]
  expect(judge(disabledTrigger, { disabledTriggers })).toMatchObject([
    { subject: { schema: 'public' } },
    { subject: { schema: 'archive' } },
  ])
})

test('on the referenced side the foreign key is named with its table', () => {
  const row = disabledTriggerRow({ ...ofForeignKey, table: 'parcel', ruleTable: 'letter' })
  expect(judge(disabledTrigger, { disabledTriggers: [row] })).toMatchObject([
    {
      subject: { name: 'parcel' },
      evidence: [{ label: 'foreign key letter_parcel_fkey of letter' }, {}, {}],
    },
  ])
})

test('what partitions inherit is told once, of the partitioned table, and mended where it is', () => {
  const declaredTable = 'reading'
  const disabledTriggers = [
    disabledTriggerRow({ table: 'reading', name: 'audit', isPartitioned: true, wouldFire: false }),
    disabledTriggerRow({ table: 'reading_1', name: 'audit', declaredTable }),
    disabledTriggerRow({ table: 'reading_2', name: 'audit', declaredTable }),
  ]
  expect(judge(disabledTrigger, { disabledTriggers })).toMatchObject([
    {
      subject: { name: 'reading' },
      summary: 'Table reading has disabled triggers: audit',
      evidence: [{ label: 'trigger audit' }, { label: 'disabled triggers', value: 2 }, {}],
      remedy: {
        sql: [
          'alter table only public.reading enable trigger audit',
          'alter table public.reading_1 enable trigger audit',
          'alter table public.reading_2 enable trigger audit',
        ],
      },
    },
  ])
})
