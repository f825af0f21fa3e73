// What a statement's page asks for beyond its detail: what it waits for, and other ways to write it.

import {
  type AroundEventWire,
  aroundEventWire,
  type StatementWaitsWire,
  statementPlansWire,
  statementWaitsWire,
} from '../../pgsteward/src/model/wire.ts'
import { ago, series } from './fixtures.ts'

const MINUTE = 60_000

export const SAMPLING = {
  status: 'sampling',
  because: null,
  everyMs: 1000,
  sampledAt: ago(500),
  samples: 3600,
  answerMs: 1.2,
} as const

const root = {
  pid: 4711,
  startedAt: ago(10 * MINUTE),
  database: 'messaging',
  user: 'messaging_app',
  application: 'messaging-migration',
  state: 'active',
  queryId: '-99',
  query: 'alter table member add column preferred_name text',
  caller: null,
  preparedAs: null,
  transactionMs: 26_000,
  waitsFor: null,
  depth: 0,
}

export function statementWaits(
  span: { from: number; to: number },
  more: Partial<StatementWaitsWire> = {},
): StatementWaitsWire {
  const wait = (value: string, level: number) => ({
    ...series('activity', 'count', span, level),
    labels: { value },
  })
  return statementWaitsWire.parse({
    sampling: SAMPLING,
    series: [wait('CPU', 0.4), wait('Lock:transactionid', 0.2), wait('IO:DataFileRead', 0.1)],
    waits: [
      {
        name: 'CPU',
        waitType: null,
        waitEvent: null,
        average: 0.4,
        share: 0.57,
        means: 'On the processor, or not known to wait.',
        helps: null,
      },
      {
        name: 'Lock:transactionid',
        waitType: 'Lock',
        waitEvent: 'transactionid',
        average: 0.2,
        share: 0.29,
        means: 'Another transaction has changed the row and has not ended.',
        helps: 'Shorter transactions.',
      },
      {
        name: 'IO:DataFileRead',
        waitType: 'IO',
        waitEvent: 'DataFileRead',
        average: 0.1,
        share: 0.14,
        means: 'A block is read that was not in memory.',
        helps: 'An index that reads fewer of them.',
      },
    ],
    seconds: 2520,
    incidents: [
      {
        id: '7',
        startedAt: ago(20 * MINUTE),
        endedAt: ago(19 * MINUTE),
        durationMs: 26_000,
        handedOverFrom: null,
        peakWaiting: 8,
        longestWaitMs: 24_000,
        lostMs: 120_000,
        tree: {
          sessions: [
            root,
            {
              ...root,
              pid: 4712,
              application: 'messaging-api',
              queryId: '-5561034',
              query: 'select from message_recipients where member_id = $1',
              waitsFor: {
                lockType: 'relation',
                lockMode: 'AccessShareLock',
                relation: 'public.member',
                waitedMs: 24_000,
                blockedBy: [4711],
              },
              depth: 1,
            },
          ],
          release: { sql: 'select pg_cancel_backend(4711)', caution: 'Ends the migration.' },
        },
      },
    ],
    ...more,
  })
}

/** Around a finding that began at `began`. */
export function eventsAround(began: string, findingKey: string): readonly AroundEventWire[] {
  const at = (ms: number) => new Date(Date.parse(began) + ms).toISOString()
  const event = { findingKey: null, queryId: null }
  return [
    { ...event, at: at(-20_000), kind: 'deployment', subject: 'messaging', detail: 'version 1.4.0 to 1.5.0' },
    {
      ...event,
      at: at(-5_000),
      kind: 'plan',
      subject: 'query -5561034',
      detail: 'Hash Join became Nested Loop',
      queryId: '-5561034',
    },
    {
      at: at(3_000),
      kind: 'finding',
      subject: 'slow-route',
      detail: 'GET /members answers slowly',
      findingKey,
      queryId: null,
    },
  ].map((each) => aroundEventWire.parse(each))
}

export const NO_PLANS = statementPlansWire.parse({ plans: [], changes: [], planning: null, because: null })
