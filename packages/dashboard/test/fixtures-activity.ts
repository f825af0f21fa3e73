// Made-up activity: a migration that others wait for, an hour of waits, a statement without a text.

import type {
  ActivityLiveWire,
  ActivityWire,
  BlockingTreeWire,
  WaitWire,
} from '../../pgsteward/src/model/wire.ts'
import { ago, HOSTILE } from './fixtures.ts'

const SAMPLING = {
  status: 'sampling',
  because: null,
  everyMs: 1_000,
  sampledAt: ago(1_000),
  samples: 3_600,
  answerMs: 0.8,
} as const

const session = {
  pid: 4_711,
  startedAt: ago(600_000),
  database: 'messaging',
  user: 'app',
  application: 'messaging-api',
  state: 'active',
  queryId: '-771',
  query: `select * from conversation where church_id = ? and title = '${HOSTILE}'`,
  caller: 'src/conversations/list.ts:41',
  preparedAs: null,
  transactionMs: 12_000,
}

const tree: BlockingTreeWire = {
  sessions: [
    {
      ...session,
      pid: 99,
      application: 'migrate',
      state: 'idle in transaction',
      query: 'alter table conversation add column note text',
      queryId: null,
      caller: 'prisma/migrations/20261122_a_rather_long_name_of_a_migration/migration.sql',
      waitsFor: null,
      depth: 0,
    },
    ...[1, 2, 3].map((depth) => ({
      ...session,
      pid: 4_711 + depth,
      waitsFor: {
        lockType: 'relation',
        lockMode: 'AccessShareLock',
        relation: 'public.conversation',
        waitedMs: 12_000,
        blockedBy: [99],
      },
      depth,
    })),
  ],
  release: { sql: 'select pg_catalog.pg_terminate_backend(99);', caution: 'Closes the session.' },
}

const wait = (name: string, average: number, share: number): WaitWire => {
  const [waitType = null, waitEvent = null] = name === 'CPU' ? [] : name.split(':')
  return { name, waitType, waitEvent, average, share, means: 'What it means.', helps: 'What helps.' }
}

export function activity({ from, to }: { readonly from: number; readonly to: number }): ActivityWire {
  const values = [
    { name: 'Lock', value: 'Lock', average: 2.4, share: 0.6, text: null },
    { name: 'CPU', value: null, average: 1.2, share: 0.3, text: null },
    { name: 'IO', value: 'IO', average: 0.4, share: 0.1, text: null },
  ]
  const points = (level: number) =>
    [...Array(60).keys()].map((each): [number, number] => [
      Math.round(from + ((each + 1) * (to - from)) / 60),
      level * (1 + Math.sin(each / 5)),
    ])
  return {
    sampling: SAMPLING,
    by: 'waitType',
    series: values.map(({ name, average }) => ({
      name: 'activity',
      unit: 'count',
      labels: { value: name },
      points: points(average),
    })),
    levels: [
      {
        name: 'activity-sessions',
        unit: 'count',
        labels: { state: 'waiting for a lock' },
        points: points(2),
      },
      { name: 'activity-oldest-transaction', unit: 'ms', labels: {}, points: points(9_000) },
    ],
    values,
    average: 4,
    peak: 14,
    seconds: 3_600,
    waits: [wait('Lock:relation', 2.4, 0.6), wait('CPU', 1.2, 0.3), wait('IO:DataFileRead', 0.4, 0.1)],
    queries: [
      {
        queryId: '-771',
        text: session.query,
        seconds: 8_640,
        average: 2.4,
        share: 0.6,
        waits: [wait('Lock:relation', 2.4, 1)],
      },
      {
        queryId: null,
        text: null,
        seconds: 5_760,
        average: 1.6,
        share: 0.4,
        waits: [wait('CPU', 1.2, 0.75)],
      },
    ],
    incidents: [
      {
        id: 'abc-99',
        startedAt: ago(400_000),
        endedAt: ago(380_000),
        durationMs: 20_000,
        handedOverFrom: null,
        peakWaiting: 70,
        longestWaitMs: 20_000,
        lostMs: 900_000,
        tree,
      },
    ],
    horizon: [
      {
        kind: 'backend',
        name: '99',
        database: 'messaging',
        user: 'app',
        xminAge: 12_345,
        heldMs: 12_000,
        detail: 'idle in transaction',
      },
    ],
  }
}

export const live: ActivityLiveWire = {
  sampling: SAMPLING,
  at: ago(1_000),
  sessions: tree.sessions.map(({ depth: _depth, preparedAs: _preparedAs, waitsFor, ...rest }) => ({
    ...rest,
    backendType: 'client backend',
    wait: waitsFor === null ? 'Client:ClientRead' : 'Lock:relation',
    waitType: waitsFor === null ? 'Client' : 'Lock',
    queryMs: 12_000,
    stateMs: 12_000,
    xminAge: 12,
    release: tree.release,
  })),
  active: 3,
  idleInTransaction: 1,
  waiting: 3,
  trees: [tree],
}
