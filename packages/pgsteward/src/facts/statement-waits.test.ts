import { expect, test } from 'vitest'
import type { ActivityGroup } from '../model/activity.ts'
import type { Memory } from '../model/fact.ts'
import { statementWaits } from './statement-waits.ts'

const NOW = new Date('2026-03-10T12:00:00Z')
const group = (over: Partial<ActivityGroup>): ActivityGroup => ({
  waitType: null,
  waitEvent: null,
  queryId: '1',
  database: 'app',
  user: 'web',
  application: 'api',
  sessions: 60,
  ...over,
})
const read = (samples: number, groups: readonly ActivityGroup[]) =>
  statementWaits.read({ activityGroups: async () => ({ samples, groups }) } as unknown as Memory, 'shop', NOW)

test('tells the sessions in each statement, and those that waited for a row', async () => {
  const groups = [
    group({}),
    group({ waitType: 'Lock', waitEvent: 'transactionid', sessions: 300 }),
    group({ waitType: 'Lock', waitEvent: 'tuple', sessions: 60, user: 'other' }),
    group({ waitType: 'Lock', waitEvent: 'relation', sessions: 60 }),
    group({ waitType: 'LWLock', waitEvent: 'WALWrite', queryId: '2' }),
    group({ queryId: null }),
  ]
  expect(await read(600, groups)).toEqual({
    isSampled: true,
    rows: [
      { queryId: '1', sessions: 0.8, rowLockSessions: 0.6 },
      { queryId: '2', sessions: 0.1, rowLockSessions: 0 },
    ],
  })
})

test('some seconds of samples say nothing', async () => {
  expect(await read(20, [group({})])).toEqual({ isSampled: false, rows: [] })
})
