import { expect, test } from 'vitest'
import { judge } from '../../../test/judge.ts'
import { activityRow } from '../../../test/rows.ts'
import { longRunningQuery } from './long-running-query.ts'

const running = (minutes: number, over = {}) =>
  activityRow({
    state: 'active',
    queryAgeMs: minutes * 60_000,
    query: 'select count(*) from parcel',
    ...over,
  })

const quiet = {
  'a statement of some minutes': running(4),
  'the last statement of an idle session': running(90, { state: 'idle' }),
  'one that waits for a lock, which is not its fault': running(90, {
    waitType: 'Lock',
    waitEvent: 'relation',
  }),
  'an index build': running(90, { query: 'CREATE INDEX CONCURRENTLY a ON b (c)' }),
  'a vacuum': running(90, { query: '  vacuum (verbose) parcel' }),
  'a refresh behind a comment': running(90, { query: '/* job 7 */ refresh materialized view totals' }),
  'a dump': running(90, { query: 'select 1', application: 'pg_dump' }),
  'a replication connection': running(90, { backendType: 'walsender' }),
  'a statement in another database': running(90, { database: 'other' }),
}

test.each(Object.entries(quiet))('is quiet on %s', (_, row) => {
  expect(judge(longRunningQuery, { activity: [row] })).toEqual([])
})

const finds = {
  'a select': running(6),
  'an update that waits for the disk': running(6, {
    query: 'update parcel set x = 1',
    waitType: 'IO',
    waitEvent: 'DataFileRead',
  }),
  'a create table as': running(6, { query: 'create table copy_of as select * from parcel' }),
}

test.each(Object.entries(finds))('finds %s', (_, row) => {
  expect(judge(longRunningQuery, { activity: [row] })).toMatchObject([
    {
      subject: { kind: 'backend', name: expect.stringMatching(/^100@/) },
      severity: 'warning',
      remedy: { sql: [expect.stringContaining('pg_cancel_backend')] },
    },
  ])
})

test('an application that is slow by nature can be named', () => {
  const facts = { activity: [running(6, { application: 'reports' })] }
  expect(judge(longRunningQuery, facts, { options: { ignoreApplications: ['reports'] } })).toEqual([])
})
