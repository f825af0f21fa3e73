import { expect, test } from 'vitest'
import { judge } from '../../../test/judge.ts'
import { activityRow, settingRow, tableRow } from '../../../test/rows.ts'
import { autovacuumWorkersBusy } from './autovacuum-workers-busy.ts'

const MINUTE = 60_000
const worker = (pid: number, queryAgeMs = 10 * MINUTE) =>
  activityRow({
    pid,
    backendType: 'autovacuum worker',
    state: 'active',
    query: `autovacuum: VACUUM public.parcel_${pid}`,
    queryAgeMs,
  })
const waiting = (name: string) => tableRow({ name, deadTuples: 300_000 })
const settings = (delay = '2', limit = '-1') => [
  settingRow({ name: 'autovacuum_max_workers', value: '3', context: 'sighup' }),
  settingRow({ name: 'autovacuum_worker_slots', value: '16', context: 'postmaster' }),
  settingRow({ name: 'autovacuum_vacuum_cost_limit', value: limit }),
  settingRow({ name: 'vacuum_cost_limit', value: '200' }),
  settingRow({ name: 'autovacuum_vacuum_cost_delay', value: delay, unit: 'ms' }),
]
const late = {
  activity: [worker(1), worker(2), worker(3), activityRow()],
  settings: settings(),
  tables: [waiting('a'), waiting('b'), waiting('c'), tableRow()],
}

test.each([
  ['a worker that is free', { ...late, activity: [worker(1), worker(2)] }],
  ['workers at small tables', { ...late, activity: [worker(1), worker(2), worker(3, 1000)] }],
  ['a table or two that wait', { ...late, tables: [waiting('a'), waiting('b')] }],
  [
    'tables that are being vacuumed, or never are',
    {
      ...late,
      tables: late.tables.map((table) => ({
        ...table,
        isBeingVacuumed: table.name === 'a',
        isAutovacuumOff: true,
      })),
    },
  ],
])('is quiet on %s', (_, given) => {
  expect(judge(autovacuumWorkersBusy, given)).toEqual([])
})

test('finds all workers busy while tables wait, and loosens the brake that they share', () => {
  expect(judge(autovacuumWorkersBusy, late)).toMatchObject([
    {
      subject: { kind: 'server' },
      severity: 'warning',
      evidence: expect.arrayContaining([
        { label: 'workers busy', value: 3, unit: 'count' },
        { label: 'tables waiting', value: 3, unit: 'count' },
        { label: 'cost limit', value: 200, unit: 'count' },
      ]),
      remedy: {
        sql: ["alter system set autovacuum_vacuum_cost_limit = '400'", 'select pg_catalog.pg_reload_conf()'],
        undo: ['alter system reset autovacuum_vacuum_cost_limit', 'select pg_catalog.pg_reload_conf()'],
      },
    },
  ])
})

test.each([
  ['without a brake', settings('0')],
  ['with the loosest limit', settings('2', '10000')],
])('%s it takes more workers', (_, given) => {
  expect(judge(autovacuumWorkersBusy, { ...late, settings: given })).toMatchObject([
    { remedy: { sql: ["alter system set autovacuum_max_workers = '5'", expect.any(String)] } },
  ])
})
