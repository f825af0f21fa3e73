import { describe, expect, test } from 'vitest'
import type { IndexRow } from '../../facts/indexes.ts'
import type { SettingRow } from '../../facts/settings.ts'
import type { TableColumnsRow } from '../../facts/table-columns.ts'
import type { TableRow } from '../../facts/tables.ts'
import type { ServerInfo } from '../../model/server-info.ts'
import { Deployments } from './deployments.ts'
import {
  columnEvents,
  indexEvents,
  serverEvents,
  settingEvents,
  statisticsEvents,
  tableEvents,
} from './target-changes.ts'

const at = new Date(Date.UTC(2026, 0, 1, 12))
const ago = (hours: number) => new Date(at.getTime() - hours * 3_600_000)

const setting = (name: string, value: string, unit: string | null = null) =>
  ({ name, value, unit }) as SettingRow
const index = (name: string, more: Partial<IndexRow> = {}) =>
  ({ schema: 'public', table: 'orders', name, definition: name, isValid: true, ...more }) as IndexRow
const table = (name: string, more: Partial<TableRow> = {}) =>
  ({
    schema: 'public',
    name,
    reltuples: 0,
    lastAnalyzeAt: null,
    totalBytes: 1,
    isPartition: false,
    ...more,
  }) as TableRow
const told = (events: readonly { subject: string; detail: string }[]) =>
  events.map(({ subject, detail }) => `${subject}: ${detail}`)

test('settings are told with what they were, in units of the configuration file, secrets never', () => {
  const before = [
    setting('work_mem', '4096', 'kB'),
    setting('random_page_cost', '4'),
    setting('statement_timeout', '0', 'ms'),
    setting('primary_conninfo', 'password=a'),
    setting('jit', 'on'),
  ]
  const after = [
    setting('work_mem', '65536', 'kB'),
    setting('random_page_cost', '1.1'),
    setting('statement_timeout', '30000', 'ms'),
    setting('primary_conninfo', 'password=b'),
    setting('jit', 'on'),
    setting('new_one', '1'),
  ]
  expect(told(settingEvents(before, after, at))).toEqual([
    'work_mem: 4MB to 64MB',
    'random_page_cost: 4 to 1.1',
    'statement_timeout: 0 to 30s',
  ])
})

describe('indexes', () => {
  test('that come, go or become another are told of their table', () => {
    const before = [index('a'), index('b'), index('half', { isValid: false })]
    const after = [index('b', { definition: 'other' }), index('half'), index('c')]
    expect(told(indexEvents(before, after, 99, at))).toEqual([
      'public.orders: index a dropped: a',
      'public.orders: index b replaced by another',
      'public.orders: index half created',
      'public.orders: index c created',
    ])
  })
  test('of partitions, and of a rebuild under way, are not', () => {
    expect(indexEvents([], [index('p', { isPartOfPartitioned: true }), index('a_ccnew')], 99, at)).toEqual([])
  })
  test('are not told to be gone where the reading was cut off', () => {
    expect(indexEvents([index('a'), index('b')], [index('a')], 2, at)).toEqual([])
  })
})

test('columns that a migration adds, drops or changes are told', () => {
  const rows = (...types: readonly string[]) =>
    [
      { schema: 'public', name: 'orders', columns: types.map((type, n) => ({ name: `c${n}`, type })) },
    ] as unknown as TableColumnsRow[]
  expect(told(columnEvents(rows('int', 'int'), rows('bigint', 'int', 'text'), at))).toEqual([
    'public.orders: column c0 from int to bigint',
    'public.orders: column c2 added',
  ])
  expect(told(columnEvents(rows('int', 'int'), rows('int'), at))).toEqual([
    'public.orders: column c1 dropped',
  ])
  expect(columnEvents([], rows('int'), at)).toEqual([])
})

test('tables come and go, partitions do so unnoticed', () => {
  const after = [table('b'), table('b_2026', { isPartition: true })]
  expect(told(tableEvents([table('a')], after, 99, at))).toEqual([
    'public.a: table dropped',
    'public.b: table created',
  ])
})

describe('statistics', () => {
  const event = (before: Partial<TableRow>, after: Partial<TableRow>) =>
    statisticsEvents([table('t', before)], [table('t', after)], at).map((each) => [each.detail, each.at])
  test.each<[string, Partial<TableRow>, Partial<TableRow>, unknown]>([
    [
      'analyzed after days',
      { reltuples: 1_200, lastAnalyzeAt: ago(24 * 40) },
      { reltuples: 1_900_000, lastAnalyzeAt: ago(1) },
      [['analyzed, 1,200 to 1,900,000 rows, after 40 days', ago(1)]],
    ],
    [
      'analyzed for the first time',
      { reltuples: 10 },
      { reltuples: 10, lastAnalyzeAt: ago(1) },
      [['analyzed, 10 rows, for the first time', ago(1)]],
    ],
    [
      'analyzed again within the hour, more rows',
      { reltuples: 1_000, lastAnalyzeAt: ago(0.5) },
      { reltuples: 2_000, lastAnalyzeAt: ago(0.1) },
      [['analyzed, 1,000 to 2,000 rows', ago(0.1)]],
    ],
    [
      'analyzed again within the hour, much the same',
      { reltuples: 1_000, lastAnalyzeAt: ago(0.5) },
      { reltuples: 1_100, lastAnalyzeAt: ago(0.1) },
      [],
    ],
    [
      'counted by vacuum',
      { reltuples: 1_000, lastAnalyzeAt: ago(5) },
      { reltuples: 9_000, lastAnalyzeAt: ago(5) },
      [['1,000 to 9,000 rows, as vacuum or a new index counted them', at]],
    ],
    ['nothing new', { reltuples: 1_000 }, { reltuples: 1_001 }, []],
    ['a small table', { reltuples: 1 }, { reltuples: 100 }, []],
  ])('%s', (_, before, after, expected) => {
    expect(event(before, after)).toEqual(expected)
  })
})

test('a restart, a failover and an upgrade are told, a clock that was set is not', () => {
  const server = { versionNum: 180001, version: '18.1', role: 'primary', startedAt: ago(5) } as ServerInfo
  const details = (after: Partial<ServerInfo>) =>
    serverEvents(server, { ...server, ...after }, at).map(({ detail }) => detail)
  expect(details({ startedAt: ago(1) })).toEqual(['restarted'])
  expect(details({ startedAt: new Date(ago(5).getTime() + 900) })).toEqual([])
  expect(details({ role: 'standby' })).toEqual(['now a standby, before a primary'])
  expect(details({ versionNum: 180002, version: '18.2' })).toEqual([
    'restarted as PostgreSQL 18.2, before 18.1',
  ])
})

describe('deployments', () => {
  const versions = (deployments: Deployments, version: string | null, minutes: number) =>
    deployments
      .notice([{ application: 'api', version }], new Date(at.getTime() + minutes * 60_000))
      .map(({ detail }) => detail)

  test('are new versions, once each while both report', () => {
    const deployments = new Deployments()
    expect(versions(deployments, '1.4.0', 0)).toEqual([])
    expect(versions(deployments, '1.5.0', 1)).toEqual(['version 1.4.0 to 1.5.0'])
    expect(versions(deployments, '1.4.0', 2)).toEqual([])
    expect(versions(deployments, '1.5.0', 3)).toEqual([])
    expect(versions(deployments, null, 4)).toEqual([])
  })
  test('of an old version are deployments too, after a while', () => {
    const deployments = new Deployments()
    versions(deployments, '1.4.0', 0)
    versions(deployments, '1.5.0', 1)
    versions(deployments, '1.5.0', 20)
    expect(versions(deployments, '1.4.0', 21)).toEqual(['version 1.5.0 to 1.4.0'])
  })
})
