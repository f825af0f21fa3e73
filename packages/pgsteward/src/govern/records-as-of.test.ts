import { expect, test } from 'vitest'
import type { GovernanceRecord } from '../model/governance.ts'
import { recordsAsOf } from './records-as-of.ts'

const at = (day: number) => new Date(Date.UTC(2026, 10, day))
const record = (number: number, ...days: readonly number[]): GovernanceRecord => ({
  kind: 'change',
  number,
  targetId: null,
  origin: null,
  entries: days.map((day, seq) => ({ seq, at: at(day), actor: 'ada', action: 'noted', body: {} })),
})

test('later entries are left out, and records that were opened later', () => {
  const told = recordsAsOf([record(1, 1, 5, 9), record(2, 6), record(3, 2)], at(5))
  expect(told.map(({ number, entries }) => [number, entries.length])).toEqual([
    [1, 2],
    [3, 1],
  ])
})

test('what stands after a later entry is later, whatever its clock said', () => {
  expect(recordsAsOf([record(1, 1, 9, 3)], at(5))[0]!.entries).toHaveLength(1)
})
