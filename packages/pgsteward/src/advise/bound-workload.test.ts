import { expect, test } from 'vitest'
import { boundWorkload, MOST_STATEMENTS } from './bound-workload.ts'
import type { WorkloadStatement } from './workload.ts'

const statement = (sql: string, callsPerMinute = 1): WorkloadStatement => ({
  id: sql,
  sql,
  callsPerMinute,
  variants: [],
  rowsPerCall: null,
})
const many = (count: number, sql: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => statement(sql(n)))

test('a list stays as it is', () => {
  const workload = { statements: many(MOST_STATEMENTS, (n) => `select ${n}`), leftOut: [] }
  expect(boundWorkload(workload)).toEqual({ workload, notes: [] })
})

test('texts that differ in literals alone are told together, a few of them with all the calls', () => {
  const { workload, notes } = boundWorkload({
    statements: [
      ...many(100_000, (n) => `select * from parcel where id = ${n}`),
      statement('select * from depot', 7),
    ],
    leftOut: [],
  })
  expect(workload.statements).toHaveLength(6)
  expect(workload.statements[0]).toMatchObject({ callsPerMinute: 20_000 })
  expect(workload.statements.at(-1)).toMatchObject({ id: 'select * from depot', callsPerMinute: 7 })
  expect(notes).toEqual(['100,001 statements have 2 shapes, of which up to 5 texts each were planned.'])
})

test('of too many shapes the most called stay', () => {
  const { workload, notes } = boundWorkload({
    statements: [
      ...many(MOST_STATEMENTS + 10, (n) => `select c${n} from t`),
      statement('select z from t', 9),
    ],
    leftOut: [],
  })
  expect(workload.statements).toHaveLength(MOST_STATEMENTS)
  expect(workload.statements[0]).toMatchObject({ id: 'select z from t' })
  expect(notes[0]).toContain('11 were not')
})
