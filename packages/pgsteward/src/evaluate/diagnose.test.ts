import { expect, test } from 'vitest'
import type { ServerInfo } from '../model/server-info.ts'
import { type Connection, diagnose, type Observed } from './diagnose.ts'

const server = { version: '16.4', role: 'primary' } as ServerInfo
const healthy: Observed = {
  isEncrypted: true,
  tlsVersion: 'TLSv1.3',
  preloadLibraries: 'pg_stat_statements',
  statementsVersion: '1.10',
  statementsAvailable: true,
  pgstattupleVersion: '1.5',
  pgstattupleAvailable: true,
  computeQueryId: 'auto',
  trackActivities: true,
  trackCounts: true,
  trackIoTiming: true,
  isSuperuser: false,
  hasMonitor: true,
  canWrite: false,
  unreadableSequenceSchemas: [],
  unreadableTables: 0,
  hiddenExtendedStatistics: 0,
  hasStatisticsFunctions: false,
  user: 'monitor',
  database: 'shop',
}
const direct: Connection = { isLoopback: false, isPooled: false, statementsError: null }

const notOk = (seen: Partial<Observed>, connection: Partial<Connection> = {}) =>
  diagnose(server, { ...healthy, ...seen }, { ...direct, ...connection }).filter(
    (line) => line.status !== 'ok',
  )

test("the owner's functions stand in for the right to read tables, but for plans (A5)", () => {
  expect(notOk({ unreadableTables: 12, hasStatisticsFunctions: true })).toEqual([
    expect.objectContaining({
      aspect: 'plans',
      status: 'note',
      message: 'monitor may not select from 12 tables, and so not explain what reads them',
      mend: ['grant pg_read_all_data to monitor'],
    }),
  ])
})

test('a target with everything is all ok', () => {
  expect(notOk({})).toEqual([])
})

test.each<[name: string, seen: Partial<Observed>, connection: Partial<Connection>, expected: object]>([
  [
    'no pg_monitor',
    { hasMonitor: false, user: 'Web App' },
    {},
    { aspect: 'role', status: 'missing', mend: ['grant pg_monitor to "Web App"'] },
  ],
  ['a superuser', { isSuperuser: true }, {}, { aspect: 'role', status: 'note' }],
  ['a role that may write', { canWrite: true }, {}, { aspect: 'role', status: 'note' }],
  ['no encryption over a network', { isEncrypted: false }, {}, { aspect: 'TLS', status: 'note' }],
  [
    'tables that the role may not read',
    { unreadableTables: 12, user: 'Watch Dog' },
    {},
    {
      aspect: 'column statistics',
      status: 'missing',
      mend: expect.arrayContaining([
        'grant pg_read_all_data to "Watch Dog"',
        'grant usage on schema pgsteward_statistics to "Watch Dog"',
      ]),
    },
  ],
  [
    'extended statistics of tables that others own',
    { hiddenExtendedStatistics: 2 },
    {},
    { aspect: 'column statistics', status: 'note', message: expect.stringContaining('2 extended') },
  ],
  ['a pooler', {}, { isPooled: true }, { aspect: 'pooler', status: 'missing' }],
  [
    'the extension not shipped',
    { statementsVersion: null, statementsAvailable: false },
    {},
    { aspect: 'pg_stat_statements', status: 'unavailable' },
  ],
  [
    'the library not loaded',
    { preloadLibraries: 'auto_explain', statementsVersion: null },
    {},
    {
      aspect: 'pg_stat_statements',
      status: 'missing',
      mend: expect.arrayContaining([
        "alter system set shared_preload_libraries = 'auto_explain,pg_stat_statements'",
        'create extension if not exists pg_stat_statements',
      ]),
    },
  ],
  [
    'the extension not created',
    { statementsVersion: null },
    {},
    { aspect: 'pg_stat_statements', mend: ['create extension if not exists pg_stat_statements'] },
  ],
  [
    'the extension not answering',
    {},
    { statementsError: 'must be loaded' },
    { aspect: 'pg_stat_statements', status: 'missing', message: expect.stringContaining('must be loaded') },
  ],
  ['no query ids', { computeQueryId: 'off' }, {}, { aspect: 'compute_query_id', status: 'missing' }],
  ['no activity', { trackActivities: false }, {}, { aspect: 'track_activities', status: 'missing' }],
  ['no counts', { trackCounts: false }, {}, { aspect: 'track_counts', status: 'missing' }],
  ['no io timing', { trackIoTiming: false }, {}, { aspect: 'track_io_timing', status: 'note' }],
  [
    'sequences out of sight',
    { unreadableSequenceSchemas: ['public', 'Billing'] },
    {},
    {
      aspect: 'sequences',
      status: 'note',
      mend: [
        'grant select on all sequences in schema public to monitor',
        'grant select on all sequences in schema "Billing" to monitor',
      ],
    },
  ],
  [
    'no pgstattuple',
    { pgstattupleVersion: null },
    {},
    { aspect: 'pgstattuple', status: 'note', mend: ['create extension if not exists pgstattuple'] },
  ],
])('%s is said, with what mends it', (_name, seen, connection, expected) => {
  const lines = notOk(seen, connection)
  expect(lines).toEqual([expect.objectContaining(expected)])
})

test('on loopback nobody listens between', () => {
  expect(notOk({ isEncrypted: false }, { isLoopback: true })).toEqual([])
})

test('whatever is missing says what is lost and what mends it', () => {
  const bare: Observed = {
    ...healthy,
    hasMonitor: false,
    statementsVersion: null,
    preloadLibraries: '',
    computeQueryId: 'off',
    trackActivities: false,
    trackCounts: false,
  }
  for (const line of diagnose(server, bare, { ...direct, isPooled: true }).filter(
    (each) => each.status === 'missing',
  )) {
    expect(line.lost, line.aspect).toBeTruthy()
    expect(line.mend, line.aspect).not.toHaveLength(0)
  }
})
