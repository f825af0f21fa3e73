import { expect, test } from 'vitest'
import { judge } from '../../../test/judge.ts'
import { unvalidatedConstraintRow } from '../../../test/rows.ts'
import { notValidConstraint } from './not-valid-constraint.ts'

test('is quiet without such a constraint', () => {
  expect(judge(notValidConstraint, { unvalidatedConstraints: [] })).toEqual([])
})

const finds = {
  'a check': { kind: 'check' as const },
  'a foreign key': { kind: 'foreign key' as const },
  'a not-null constraint': { kind: 'not null' as const },
}

test.each(Object.entries(finds))('finds %s', (_, over) => {
  const unvalidatedConstraints = [unvalidatedConstraintRow(over)]
  expect(judge(notValidConstraint, { unvalidatedConstraints })).toMatchObject([
    {
      subject: { kind: 'table', name: 'parcel' },
      severity: 'info',
      remedy: { sql: ['alter table public.parcel validate constraint parcel_weight_check'], undo: null },
    },
  ])
})

test('two of one table are one finding with a statement for each', () => {
  const unvalidatedConstraints = [
    unvalidatedConstraintRow(),
    unvalidatedConstraintRow({ name: 'Weird "Name"' }),
  ]
  expect(judge(notValidConstraint, { unvalidatedConstraints })).toMatchObject([
    { remedy: { sql: [expect.anything(), expect.stringContaining('"Weird ""Name"""')] } },
  ])
})
