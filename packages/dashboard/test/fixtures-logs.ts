// Made-up answers of the API about PostgreSQL's log.

import type {
  LogClassCountWire,
  LogEventDetailWire,
  LogEventWire,
  LogsWire,
} from '../../pgsteward/src/model/wire.ts'
import { HOSTILE } from './fixtures.ts'

const ago = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString()

const event = (id: string, over: Partial<LogEventWire> = {}): LogEventWire => ({
  id,
  at: ago(Number(id) * 60),
  class: 'deadlock',
  title: 'A transaction was ended by a deadlock',
  severity: 'warning',
  level: 'ERROR',
  sqlState: '40P01',
  pid: 4711,
  user: 'app',
  database: 'messaging',
  application: 'api',
  client: '10.0.0.7',
  queryId: null,
  fingerprint: 'f00000000000000d',
  query: 'update members set seen_at = now() where id = ?',
  message: 'deadlock detected',
  detail: 'Process 4711 waits for ShareLock on transaction 744; blocked by process 4712.',
  hint: 'See server log for query details.',
  context: 'while updating tuple (0,1) in relation "members"',
  durationMs: null,
  parameters: null,
  figures: { processes: 2, lockMode: 'ShareLock', waitedMs: 1000.5 },
  queryIds: ['8123456789601'],
  ...over,
})

export const events: readonly LogEventWire[] = [
  event('1'),
  event('2', {
    class: 'statement-duration',
    title: 'A statement took long',
    severity: 'info',
    level: 'LOG',
    sqlState: null,
    message: 'duration: 1234.5 ms  execute <unnamed>',
    query: `select * from messages where body like $1 /* ${HOSTILE} */`,
    detail: null,
    hint: null,
    context: null,
    durationMs: 1234.5,
    parameters: ['%word%', null, '[redacted]'],
    figures: { durationMs: 1234.5 },
    queryIds: [],
  }),
  event('3', {
    class: 'unknown',
    title: 'Not in the catalogue',
    severity: 'critical',
    level: 'FATAL',
    message: HOSTILE,
    query: null,
    fingerprint: null,
    detail: null,
    figures: {},
    queryIds: [],
  }),
]

const counted = (id: string, over: Partial<LogClassCountWire> = {}): LogClassCountWire => ({
  id,
  area: 'lock',
  title: 'A transaction was ended by a deadlock',
  severity: 'warning',
  count: 3,
  firstAt: ago(3000),
  lastAt: ago(60),
  databases: ['messaging'],
  fix: 'Update rows in the same order everywhere, and try again on 40P01.',
  ...over,
})

export const logs = (over: Partial<LogsWire> = {}): LogsWire => {
  const step = 60
  const begin = Math.floor(Date.now() / 1000 / step) * step - 59 * step
  return {
    hasSource: true,
    sources: [
      {
        source: '/var/log/postgresql/postgresql-18-main.log',
        lastAt: ago(2),
        lines: 123_456,
        bytes: 12_345_678,
        unknown: 1,
        unreadable: 2,
        because: null,
      },
    ],
    settings: [
      {
        name: 'log_temp_files',
        value: '-1',
        advised: '10MB',
        lost: 'which statements spill to disk, and how much',
        sql: "alter system set log_temp_files = '10MB'",
        needsRestart: false,
      },
    ],
    suggestedFile: '/var/lib/postgresql/18/main/log/*.log',
    pushPath: '/ingest/logs/messaging',
    classes: [
      counted('unknown', {
        area: 'server',
        title: 'Not in the catalogue',
        severity: 'critical',
        count: 1,
        fix: null,
      }),
      counted('deadlock'),
      counted('connection-received', {
        area: 'connection',
        title: 'A client connected',
        severity: 'info',
        count: 5000,
        fix: null,
      }),
    ],
    history: {
      stepSeconds: step,
      points: [...Array(60).keys()].map((index) => [
        begin + index * step,
        index * 3,
        index % 7 === 0 ? 1 : 0,
        index === 40 ? 1 : 0,
      ]),
    },
    events: [...events],
    ...over,
  }
}

/** As the server narrows them. */
export function logsAnswer(query: URLSearchParams): LogsWire {
  const classes = query.get('class')?.split(',')
  const severities = query.get('severity')?.split(',')
  const search = (query.get('search') ?? '').toLowerCase()
  return logs({
    events: events.filter(
      (each) =>
        (classes === undefined || classes.includes(each.class)) &&
        (severities === undefined || severities.includes(each.severity)) &&
        `${each.message} ${each.query}`.toLowerCase().includes(search),
    ),
  })
}

export const NO_LOG: Partial<LogsWire> = {
  hasSource: false,
  sources: [
    {
      source: '/var/log/postgresql/*.log',
      lastAt: null,
      lines: 0,
      bytes: 0,
      unknown: 0,
      unreadable: 0,
      because: 'no file matches /var/log/postgresql/*.log',
    },
  ],
  classes: [],
  events: [],
}

export const logEventDetail = (id: string): LogEventDetailWire => ({
  event: events.find((each) => each.id === id) ?? events[0]!,
  plan: null,
  page: '# Deadlock\n\n## What it means\n\nTwo transactions waited for each other.\n\n## What to do\n\nUpdate rows in the same order.\n',
})
