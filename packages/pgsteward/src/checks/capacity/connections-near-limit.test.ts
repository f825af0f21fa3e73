import { expect, test } from 'vitest'
import { judge } from '../../../test/judge.ts'
import { describeRule } from '../../../test/rule-series.ts'
import type { ConnectionsRow } from '../../facts/connections.ts'
import { connectionsNearLimit } from './connections-near-limit.ts'

const connections = (total: number, over: Partial<ConnectionsRow> = {}): ConnectionsRow => ({
  maxConnections: 103,
  reservedConnections: 3,
  usableConnections: 100,
  total,
  active: 5,
  idle: total - 5,
  idleInTransaction: 0,
  blocked: 0,
  own: 1,
  oldestTransactionMs: null,
  ...over,
})
const groups = [
  {
    database: 'app',
    user: 'web',
    application: 'api',
    clientAddress: null,
    state: 'idle',
    connections: 60,
    longestInStateMs: 1,
  },
]

const quiet = {
  'a server with room': connections(50),
  'one just below the limit': connections(73),
  'many connections on a server that allows more': connections(400, {
    maxConnections: 1003,
    usableConnections: 1000,
  }),
}

test.each(Object.entries(quiet))('is quiet on %s', (_, row) => {
  expect(judge(connectionsNearLimit, { connections: [row], connectionGroups: groups })).toEqual([])
})

const finds = {
  'four fifths': { row: connections(79), severity: 'warning' },
  'nearly all': { row: connections(94), severity: 'critical' },
  'a small server that is full, reserved places apart': {
    row: connections(16, { maxConnections: 20, usableConnections: 17 }),
    severity: 'critical',
  },
}

test.each(Object.entries(finds))('finds %s', (_, { row, severity }) => {
  expect(judge(connectionsNearLimit, { connections: [row], connectionGroups: groups })).toMatchObject([
    {
      subject: { kind: 'server' },
      severity,
      evidence: expect.arrayContaining([
        { label: 'largest group', value: '60 idle of api, user web', unit: 'text' },
      ]),
    },
  ])
})

test('what it lets go at is never above what it warns of', () => {
  const given = { connections: [connections(65)], connectionGroups: groups }
  expect(judge(connectionsNearLimit, given, { options: { warnRatio: 0.7 } })).toEqual([])
  expect(judge(connectionsNearLimit, { ...given, connections: [connections(76)] })).toMatchObject([
    { sustains: true },
  ])
})

describeRule(connectionsNearLimit, {
  facts: (taken) => ({ connections: [connections(taken - 1)], connectionGroups: groups }),
  fires: 80,
  worsens: 95,
  between: 76,
  calm: 74,
  everyMs: 15_000,
})
