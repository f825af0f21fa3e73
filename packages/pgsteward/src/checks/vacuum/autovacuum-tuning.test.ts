import { describe, expect, test } from 'vitest'
import { intervalOf, judge } from '../../../test/judge.ts'
import { settingRow, tableActivityRow, tableRow } from '../../../test/rows.ts'
import type { SettingRow } from '../../facts/settings.ts'
import type { TableActivityRow } from '../../facts/table-activity.ts'
import type { TableRow } from '../../facts/tables.ts'
import { autovacuumTuning } from './autovacuum-tuning.ts'

const GB = 1024 ** 3
const NOTHING_SET = { settings: [] as readonly SettingRow[] }

/** 100 million rows of 100 bytes, cleaned at 20 million dead ones, of which 100 come each second: every 55 hours. */
const large = (
  table: Partial<TableRow> = {},
  activity: Partial<TableActivityRow> = {},
  { settings } = NOTHING_SET,
) => ({
  tables: [
    tableRow({
      rows: 100_000_000,
      reltuples: 100_000_000,
      heapBytes: 10_000_000_000,
      indexBytes: 2 * GB,
      vacuumThreshold: 20_000_050,
      ...table,
    }),
  ],
  tableActivity: intervalOf([tableActivityRow({ updates: 60_000, ...activity })], 600),
  settings,
})

/** 100 million rows of 100 bytes, 25 million of which came since the last vacuum; 100 more come each second. */
const appended = (table: Partial<TableRow> = {}, activity: Partial<TableActivityRow> = {}) =>
  large({ insertedSinceVacuum: 25_000_000, ...table }, { updates: 0, inserts: 60_000, ...activity })

describe('is quiet on', () => {
  test.each([
    ['a small table', large({ heapBytes: GB })],
    ['a table that nothing changes', large({}, { updates: 0 })],
    ['one that takes a year', large({}, { updates: 300 })],
    ['HOT updates, which clean up after themselves', large({}, { hotUpdates: 60_000 })],
    ['a table that was tuned', large({ vacuumThreshold: 5_000_000 })],
    ['one that is vacuumed every hour as it is', large({}, { updates: 3_000_000 })],
    ['a partition', large({ isPartition: true })],
    ['one without autovacuum', large({ isAutovacuumOff: true })],
    ['one that was never analyzed', large({ reltuples: null })],
    ['a table of an extension', large({ extension: 'timescaledb' })],
    ['new rows that were vacuumed lately', appended({ insertedSinceVacuum: 2_000_000 })],
    ['new rows that no index leads to', appended({}, { indexScans: 0 })],
    ['new rows beside old ones that die', appended({}, { deletes: 1_000 })],
    ['an insert threshold of its own', appended({ options: ['autovacuum_vacuum_insert_scale_factor=0.05'] })],
  ])('%s', (_, given) => {
    expect(judge(autovacuumTuning, given)).toEqual([])
  })
})

test('skips where nothing is known of changes', () => {
  expect(
    judge(autovacuumTuning, { ...large(), tableActivity: intervalOf([tableActivityRow()], 0) }),
  ).toHaveProperty('skip')
})

describe('dead rows', () => {
  test('come at a share that a scale factor of the table lowers', () => {
    expect(judge(autovacuumTuning, large())).toMatchObject([
      {
        subject: { kind: 'table', name: 'parcel' },
        severity: 'info',
        evidence: expect.arrayContaining([
          { label: 'rows that die', value: 100, unit: 'perSecond' },
          { label: 'vacuumed at this rate every', value: 200_000_500, unit: 'ms' },
          { label: 'advised: at dead rows', value: 5_000_000, unit: 'count' },
          { label: 'advised: at this rate every', value: 50_000_000, unit: 'ms' },
        ]),
        remedy: {
          sql: ['alter table public.parcel set (autovacuum_vacuum_scale_factor = 0.05)'],
          undo: ['alter table public.parcel reset (autovacuum_vacuum_scale_factor)'],
          lock: 'share update exclusive',
        },
      },
    ])
  })

  test('are not cleaned more often than once an hour', () => {
    // 2,500 a second: nine million in an hour, 5 % in half of it
    expect(judge(autovacuumTuning, large({}, { deletes: 1_440_000 }))).toMatchObject([
      { remedy: { sql: [expect.stringContaining('autovacuum_vacuum_scale_factor = 0.09')] } },
    ])
  })

  test('a high fixed threshold goes too, and the undo puts back what was written', () => {
    const options = [
      'fillfactor=90',
      'autovacuum_vacuum_threshold=20000000',
      'autovacuum_vacuum_scale_factor=0.0',
    ]
    expect(judge(autovacuumTuning, large({ options, vacuumThreshold: 20_000_000 }))).toMatchObject([
      {
        remedy: {
          sql: [
            'alter table public.parcel set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000000)',
          ],
          undo: [
            'alter table public.parcel set (autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 20000000)',
          ],
        },
      },
    ])
  })

  test('a brake that a vacuum would not get done with is loosened', () => {
    // (1.2 + 0.26 million pages) x 2 + 1.2 million x 20 is 27.4 million: at 200 for 20 ms 45 minutes, at 100 ms 3.8 hours
    const braked = (delay: string) => ({
      settings: [settingRow({ name: 'autovacuum_vacuum_cost_delay', value: delay, unit: 'ms' })],
    })
    const remedyAt = (delay: string) => {
      const findings = judge(autovacuumTuning, large({}, { deletes: 1_440_000 }, braked(delay)))
      return Array.isArray(findings) ? findings[0]?.remedy : undefined
    }
    expect(remedyAt('2')?.sql[0]).not.toContain('cost_limit')
    expect(remedyAt('100')).toMatchObject({
      sql: [expect.stringContaining('autovacuum_vacuum_cost_limit = 1600')],
      undo: [
        'alter table public.parcel reset (autovacuum_vacuum_scale_factor, autovacuum_vacuum_cost_limit)',
      ],
    })
  })
})

describe('appended rows', () => {
  test('are marked and frozen in portions of a gigabyte', () => {
    expect(judge(autovacuumTuning, appended({ vacuumThreshold: 1e9, reltuples: 150_000_000 }))).toMatchObject(
      [
        {
          summary: expect.stringContaining('only appended to'),
          remedy: {
            sql: [
              'alter table public.parcel set (autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 10737418)',
            ],
            undo: [
              'alter table public.parcel reset (autovacuum_vacuum_insert_scale_factor, autovacuum_vacuum_insert_threshold)',
            ],
          },
        },
      ],
    )
  })

  test('bring no autovacuum at all where that was switched off', () => {
    const options = ['autovacuum_vacuum_insert_threshold=-1']
    expect(judge(autovacuumTuning, appended({ options }))).toMatchObject([
      {
        evidence: expect.arrayContaining([
          { label: 'autovacuum comes at inserted rows', value: 'never', unit: 'text' },
        ]),
        remedy: {
          undo: [expect.stringContaining('insert_threshold = -1'), expect.stringContaining('reset')],
        },
      },
    ])
  })
})
