import { expect, test } from 'vitest'
import { judge } from '../../../test/judge.ts'
import { activityRow, tableRow, xminHolderRow } from '../../../test/rows.ts'
import { vacuumBlocked } from './vacuum-blocked.ts'

const full = [tableRow({ deadTuples: 300_000 })]
const judged = (holder: Parameters<typeof xminHolderRow>[0], tables = full) =>
  judge(vacuumBlocked, { xminHolders: [xminHolderRow(holder)], activity: [activityRow()], tables })

test.each([
  ['a report of some minutes', { heldMs: 600_000 }],
  ['a transaction in another database', { database: 'other' }],
  [
    'a slot that keeps catalogs only',
    { kind: 'slot' as const, heldMs: null, xminAge: 9e6, detail: 'catalogs only' },
  ],
  ['a standby that follows closely', { kind: 'standby' as const, heldMs: null, xminAge: 5000 }],
])('is quiet on %s', (_, holder) => {
  expect(judged(holder)).toEqual([])
})

test('is quiet where no dead rows wait', () => {
  expect(judged({}, [tableRow({ deadTuples: 100_000 })])).toEqual([])
})

test.each([
  ['a session, by pid and start', {}, { kind: 'backend', name: expect.stringMatching(/^100@2026/) }],
  ['a session that ended meanwhile', { name: '101' }, { kind: 'backend', name: '101' }],
  [
    'a slot',
    { kind: 'slot' as const, name: 'old', heldMs: null, xminAge: 2e6, detail: 'all tables' },
    { kind: 'slot', name: 'old' },
  ],
  [
    'a standby',
    { kind: 'standby' as const, name: 'b', heldMs: null, xminAge: 2e6 },
    { kind: 'replica', name: 'b' },
  ],
  ['a prepared transaction', { kind: 'prepared transaction' as const, name: 'gid' }, { kind: 'server' }],
])('finds %s', (_, holder, subject) => {
  expect(judged(holder)).toMatchObject([{ subject, severity: 'warning' }])
})

test('rolls back a prepared transaction by its quoted name', () => {
  expect(judged({ kind: 'prepared transaction', name: "it's" })).toMatchObject([
    { remedy: { sql: ["rollback prepared 'it''s'"], undo: null } },
  ])
})
