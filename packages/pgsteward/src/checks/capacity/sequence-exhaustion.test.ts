import { expect, test } from 'vitest'
import { judge } from '../../../test/judge.ts'
import { sequenceRow } from '../../../test/rows.ts'
import { sequenceExhaustion } from './sequence-exhaustion.ts'

const INT4 = 2 ** 31 - 1
const column = (type: string) => ({ schema: 'public', table: 'parcel', name: 'id', type })
const serial = { dataType: 'integer', maxValue: INT4, columnMaxValue: INT4, column: column('integer') }

const quiet = {
  'a bigint in its infancy': {},
  'an integer of which much is left': { ...serial, lastValue: 1_000_000_000 },
  'one that was never used': { ...serial, lastValue: null },
  'one that starts again by itself': { ...serial, lastValue: 2_100_000_000, isCycling: true },
  'a large value of a bigint': { lastValue: 3_000_000_000 },
  'one that started high': { ...serial, startValue: 2_000_000_000, lastValue: 2_000_000_100 },
}

test.each(Object.entries(quiet))('is quiet on %s', (_, over) => {
  expect(judge(sequenceExhaustion, { sequences: [sequenceRow(over)] })).toEqual([])
})

const finds = {
  'an integer that is used by three quarters': {
    over: { ...serial, lastValue: 1_600_000_000 },
    severity: 'warning',
  },
  'one that is nearly gone': { over: { ...serial, lastValue: 2_000_000_000 }, severity: 'critical' },
  'a bigint sequence on an integer column': {
    over: { lastValue: 2_000_000_000, columnMaxValue: INT4, column: column('integer') },
    severity: 'critical',
  },
  'an integer sequence on a bigint column': {
    over: { dataType: 'integer', maxValue: INT4, lastValue: 1_600_000_000 },
    severity: 'warning',
  },
  'one that counts down': {
    over: {
      ...serial,
      increment: -1,
      startValue: -1,
      minValue: -INT4 - 1,
      maxValue: -1,
      lastValue: -1_900_000_000,
    },
    severity: 'warning',
  },
  'one with a bound of its own': {
    over: { maxValue: 100, lastValue: 95, column: null, columnMaxValue: null },
    severity: 'critical',
  },
}

test.each(Object.entries(finds))('finds %s', (_, { over, severity }) => {
  expect(judge(sequenceExhaustion, { sequences: [sequenceRow(over)] })).toMatchObject([
    { subject: { kind: 'sequence', name: 'parcel_id_seq' }, severity },
  ])
})

test('widens a serial and its sequence, and an identity by its column alone', () => {
  const late = { ...serial, lastValue: 2_000_000_000 }
  expect(
    judge(sequenceExhaustion, { sequences: [sequenceRow({ ...late, isIdentity: false })] }),
  ).toMatchObject([
    {
      remedy: {
        sql: [
          'alter table public.parcel alter column id type bigint',
          'alter sequence public.parcel_id_seq as bigint',
        ],
        undo: [
          'alter sequence public.parcel_id_seq as integer',
          'alter table public.parcel alter column id type integer',
        ],
      },
    },
  ])
  expect(judge(sequenceExhaustion, { sequences: [sequenceRow(late)] })).toMatchObject([
    { remedy: { sql: ['alter table public.parcel alter column id type bigint'] } },
  ])
})

test('has no remedy for a bound that was set on purpose', () => {
  const bounded = sequenceRow({ maxValue: 100, lastValue: 95, column: null, columnMaxValue: null })
  expect(judge(sequenceExhaustion, { sequences: [bounded] })).not.toHaveProperty('0.remedy')
})

test('says so where the role may read no sequence', () => {
  const hidden = sequenceRow({ isReadable: false, lastValue: null })
  expect(judge(sequenceExhaustion, { sequences: [hidden] })).toHaveProperty('skip')
  expect(judge(sequenceExhaustion, { sequences: [hidden, sequenceRow()] })).toEqual([])
})
