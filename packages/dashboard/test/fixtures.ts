// A made-up target as the API would tell of it. Each answer is validated against the wire's schema when it is made.

import {
  type FindingDetailWire,
  type FindingWire,
  findingDetailWire,
  findingWire,
  type IndexWire,
  indexWire,
  type OperationWire,
  type OutcomeWire,
  type OverviewWire,
  outcomeWire,
  overviewWire,
  type SeriesWire,
  type SlowQueryWire,
  type SlowStatementWire,
  type StatementDetailWire,
  seriesWire,
  slowStatementWire,
  statementDetailWire,
  type TableWire,
  type TargetWire,
  tableWire,
  targetWire,
} from '../../pgsteward/src/model/wire.ts'

export const HOSTILE = '<img src=x onerror="window.hacked=1">'

const DAY = 86_400_000
const MB = 1024 ** 2

const TEXTS = [
  'select m.id, m.body, m.created_at, r.read_at from message_recipients r join messages m on m.id = r.message_id where r.member_id = $1 and r.read_at is null order by m.created_at desc limit $2',
  'update members set last_seen_at = now() where id = $1',
  'insert into deliveries (message_id, recipient_id, channel, status, attempted_at) values ($1, $2, $3, $4, now()) returning id',
  "select c.id, count(*) filter (where d.status = 'failed') from churches c join messages m on m.church_id = c.id join deliveries d on d.message_id = m.id where d.attempted_at > now() - interval '1 day' group by c.id order by 2 desc",
  'select * from conversations where church_id = $1 order by updated_at desc limit $2 offset $3',
  'select sum(amount_cents) from payments where subscription_id = any($1) and status = $2',
  'delete from audit_log where at < now() - $1::interval',
  'select id, email from members where lower(email) = lower($1)',
  'begin',
  `select '${HOSTILE}' as "${HOSTILE}"`,
  'commit',
]

export const ago = (ms: number): string => new Date(Date.now() - ms).toISOString()

export function target(more: Partial<TargetWire> = {}): TargetWire {
  return targetWire.parse({
    id: 'messaging',
    address: '127.0.0.1:5433/messaging',
    labels: {},
    status: 'up',
    because: null,
    version: '18.4',
    role: 'primary',
    lastReadAt: ago(4000),
    lacks: [],
    findings: { critical: 1, warning: 6, info: 1 },
    ...more,
  })
}

export function finding(more: Partial<FindingWire> = {}): FindingWire {
  return findingWire.parse({
    targetId: 'messaging',
    key: 'unused-index:index/messaging/public/messages_body_idx',
    checkId: 'unused-index',
    area: 'index',
    severity: 'warning',
    state: 'open',
    subject: { kind: 'index', database: 'messaging', schema: 'public', name: 'messages_body_idx' },
    label: 'messages_body_idx',
    summary: 'Index messages_body_idx on messages is never used',
    evidence: [
      { label: 'scans', value: 0, unit: 'count' },
      { label: 'size', value: 48 * MB, unit: 'bytes' },
      { label: 'statistics cover', value: 41 * DAY, unit: 'ms' },
      { label: 'reported from', value: 30 * DAY, unit: 'ms' },
    ],
    remedy: {
      sql: ['drop index concurrently if exists public.messages_body_idx'],
      undo: ['CREATE INDEX CONCURRENTLY messages_body_idx ON public.messages USING btree (body)'],
      lock: 'share update exclusive',
      caution: 'Replicas count their own scans: look at each before dropping.',
    },
    firstSeenAt: ago(3 * DAY),
    lastSeenAt: ago(20_000),
    openedAt: ago(2 * DAY),
    resolvedAt: null,
    mutedUntil: null,
    muteReason: null,
    ...more,
  })
}

export const findings: readonly FindingWire[] = [
  finding(),
  finding({
    key: 'blocking-chain:backend/4711',
    checkId: 'blocking-chain',
    area: 'availability',
    severity: 'critical',
    subject: { kind: 'backend', name: '4711' },
    label: '4711',
    summary: 'Session 4711 has held 7 others up for 4 minutes, idle in transaction',
    evidence: [
      { label: 'sessions waiting', value: 7, unit: 'count' },
      { label: 'longest wait', value: 251_000, unit: 'ms' },
      { label: 'statement', value: 'update members set last_seen_at = now() where id = $1', unit: 'text' },
    ],
    remedy: {
      sql: ['select pg_catalog.pg_terminate_backend(4711)'],
      undo: null,
      lock: 'none',
      caution: 'The session loses what it has not committed.',
    },
    openedAt: ago(1500_000),
    firstSeenAt: ago(1560_000),
  }),
  finding({
    key: 'missing-index:query/messaging/-5561034',
    checkId: 'missing-index',
    area: 'query',
    subject: { kind: 'query', database: 'messaging', queryId: '-5561034' },
    label: 'query -5561034',
    summary: 'A statement reads all of message_recipients to find 3 rows',
    evidence: [
      { label: 'share of time', value: 0.412, unit: 'ratio' },
      { label: 'rows read per row found', value: 183_402, unit: 'count' },
      { label: 'statement', value: TEXTS[0] ?? '', unit: 'text' },
      { label: 'first slow', value: '2026-11-22T05:18:45.058Z', unit: 'text' },
    ],
    openedAt: ago(900_000),
  }),
  finding({
    key: 'stale-statistics:table/messaging/public/payments',
    checkId: 'stale-statistics',
    area: 'vacuum',
    subject: { kind: 'table', database: 'messaging', schema: 'public', name: 'payments' },
    label: 'payments',
    summary: 'Planner statistics of payments are older than most of its rows',
    evidence: [
      { label: 'rows changed since analyze', value: 0.84, unit: 'ratio' },
      { label: 'last analyze', value: 'never', unit: 'text' },
    ],
  }),
  finding({
    key: `duplicate-index:index/messaging/public/${HOSTILE}`,
    checkId: 'duplicate-index',
    label: HOSTILE,
    subject: { kind: 'index', database: 'messaging', schema: 'public', name: HOSTILE },
    summary: `Index ${HOSTILE} does what members_church_id_idx does already`,
    evidence: [{ label: 'size', value: 12 * MB, unit: 'bytes' }],
  }),
  finding({
    key: 'shared-buffers:setting/shared_buffers',
    checkId: 'shared-buffers',
    area: 'configuration',
    severity: 'info',
    subject: { kind: 'setting', name: 'shared_buffers' },
    label: 'shared_buffers',
    summary: 'shared_buffers is still at its default of 128 MB',
    evidence: [{ label: 'setting', value: 128 * MB, unit: 'bytes' }],
  }),
  finding({
    key: 'invalid-index:index/messaging/public/groups_name_idx',
    checkId: 'invalid-index',
    label: 'groups_name_idx',
    summary: 'Index groups_name_idx is invalid: its build was broken off',
    state: 'pending',
    openedAt: null,
  }),
  finding({
    key: 'unused-index:index/messaging/public/audit_log_at_idx',
    label: 'audit_log_at_idx',
    summary: 'Index audit_log_at_idx on audit_log is never used',
    state: 'muted',
    mutedUntil: new Date(Date.now() + 9 * DAY).toISOString(),
    muteReason: 'Needed for the audit in December',
  }),
]

export const resolvedFinding = finding({
  key: 'bloated-index:index/messaging/public/deliveries_pkey',
  checkId: 'bloated-index',
  label: 'deliveries_pkey',
  summary: 'Index deliveries_pkey is three times as large as its rows need',
  state: 'resolved',
  resolvedAt: ago(7_200_000),
})

const PAGE = `# Unused index

## What it means

No scan has used this index **since the statistics began**. It costs space, and each write keeps it up to date.

## How it is measured

\`pg_stat_user_indexes.idx_scan\` is zero:

| Option | Default | Why |
|---|---|---|
| \`unusedFor\` | 30d | Holds one of each monthly routine |
| \`minSize\` | 1MB | Below, it is not worth the talk |

## When to ignore it

- On a primary whose *replicas* serve the reads.
- Before the first month end. See [duplicate indexes](duplicate-index.md) and [the manual](https://www.postgresql.org/docs/current/monitoring-stats.html).

## How to fix it

1. Look at the replicas.
2. Drop it:

\`\`\`sql
drop index concurrently if exists public.messages_body_idx;
\`\`\`

## How to reproduce it

<script>window.hacked = 1</script>
`

export function findingDetail(of: FindingWire): FindingDetailWire {
  return findingDetailWire.parse({
    finding: of,
    check: { id: of.checkId, title: 'Index that is never scanned', page: PAGE },
    history: [
      { at: of.firstSeenAt, transition: 'pending', severity: 'warning', actor: null, reason: null },
      { at: ago(2 * DAY), transition: 'opened', severity: 'warning', actor: null, reason: null },
      {
        at: ago(DAY),
        transition: 'muted',
        severity: 'warning',
        actor: 'ana',
        reason: 'Waiting for the month end',
      },
      { at: ago(DAY / 2), transition: 'worsened', severity: 'critical', actor: null, reason: null },
    ],
  })
}

export const statements: readonly SlowStatementWire[] = TEXTS.map((text, place) =>
  slowStatementWire.parse({
    queryId: place === 0 ? '-5561034' : String(8_123_456_789_012 + place * 77),
    database: 'messaging',
    user: 'app',
    text,
    calls: Math.round(182_345 / (place + 1)),
    callsPerSecond: 50.6 / (place + 1),
    totalExecMs: 1_482_000 / (place * place + 1),
    meanExecMs: 8.13 / (place + 1),
    rowsPerCall: place === 6 ? 12_400 : 3.4 * place,
    cacheHitRatio: place === 8 ? null : 1 - 0.012 * place,
    timeShare: 0.412 / (place * place + 1),
  }),
)

export const tables: readonly TableWire[] = [
  'messages',
  'message_recipients',
  'deliveries',
  'audit_log',
  'payments',
  'members',
  HOSTILE,
].map((name, place) =>
  tableWire.parse({
    database: 'messaging',
    schema: place === 3 ? 'audit' : 'public',
    name,
    kind: 'table',
    rows: Math.round(1_200_000 / (place + 1)),
    totalBytes: (640 * MB) / (place + 1),
    tableBytes: (400 * MB) / (place + 1),
    indexBytes: (240 * MB) / (place + 1),
    growthBytesPerDay: place === 5 ? null : (2 - place) * 3 * MB,
    deadTuples: place * 8120,
    lastVacuumAt: place === 4 ? null : ago((place + 1) * 3_600_000),
    lastAnalyzeAt: place === 4 ? null : ago((place + 1) * 5_000_000),
    scansPerSecond: place === 5 ? null : { sequential: 0.02 * place, index: 120 / (place + 1) },
    advised:
      place === 1
        ? [
            {
              name: 'message_recipients_member_id_read_at_idx',
              definition: '(member_id, read_at)',
              sizeBytes: 6.3 * MB,
              gainRatio: 0.5636,
            },
          ]
        : [],
  }),
)

/** As many as asked for: the page must not care. */
export function indexes(count: number): IndexWire[] {
  return Array.from({ length: count }, (_, place) =>
    indexWire.parse({
      database: 'messaging',
      schema: 'public',
      table: `messages_${place % 97}`,
      name: place === 0 ? HOSTILE : `messages_${place % 97}_column_${place}_idx`,
      definition: `CREATE INDEX messages_${place}_idx ON public.messages USING btree (church_id, created_at DESC)`,
      method: 'btree',
      isUnique: place % 5 === 0,
      isPrimary: place % 10 === 0,
      isValid: place !== 3,
      sizeBytes: 8192 * ((place * 7919) % 10_007),
      scansSinceReset: (place * 31) % 5000,
      lastScanAt: place % 3 === 0 ? null : ago(place * 1000),
    }),
  )
}

export const checks: readonly OutcomeWire[] = (
  [
    ['unused-index', 'Index that is never scanned', 'index', 'found', null],
    ['duplicate-index', 'Indexes that do the same', 'index', 'found', null],
    ['wraparound', 'Transaction ids run out', 'vacuum', 'quiet', null],
    ['replication-lag', 'Replica falls behind', 'availability', 'quiet', null],
    ['disk-full', 'Disk fills up', 'capacity', 'skipped', 'needs 7 days of database sizes, has 2'],
    ['slow-statement', 'Statement slower than the limit', 'query', 'waiting', 'the second reading is due'],
    ['checkpoints', 'Checkpoints too often', 'configuration', 'failed', 'column "x" does not exist'],
  ] as const
).map(([checkId, title, area, status, because]) =>
  outcomeWire.parse({ checkId, title, area, status, because, at: status === 'waiting' ? null : ago(12_000) }),
)

/** A wavy line over the span with a reading each minute, and a gap of some minutes in the middle. */
export function series(
  name: string,
  unit: SeriesWire['unit'],
  span: { from: number; to: number },
  level: number,
  labels: Record<string, string> = {},
): SeriesWire {
  const step = Math.max(10, (span.to - span.from) / 120)
  const points: [number, number | null][] = []
  for (let at = span.from; at <= span.to; at += step) {
    const place = (at - span.from) / (span.to - span.from)
    const isGap = place > 0.55 && place < 0.6
    const wave = 1 + 0.3 * Math.sin(place * 21 + level) + 0.1 * Math.sin(place * 97)
    points.push([Math.round(at), isGap ? null : unit === 'ratio' ? 1 - 0.02 * wave : level * wave])
  }
  return seriesWire.parse({ name, unit, labels, points })
}

export function overview(span: { from: number; to: number }, more: Partial<OverviewWire> = {}): OverviewWire {
  return overviewWire.parse({
    target: target(),
    headline: '5 things need you, 1 of them now; all else is quiet',
    metrics: {
      targetId: 'messaging',
      at: ago(4000),
      intervalSeconds: 60,
      connections: { total: 41, active: 6, idle: 28, idleInTransaction: 4, waiting: 3, usable: 97 },
      queriesPerSecond: 412.4,
      transactionsPerSecond: 188.1,
      cacheHitRatio: 0.9843,
      indexUsageRatio: 0.931,
      slowestStatements: statements.slice(0, 10),
      tables: tables.map(({ schema, name, totalBytes, growthBytesPerDay }) => ({
        schema,
        name,
        totalBytes,
        growthBytesPerDay,
      })),
      databaseBytes: 1.7 * 1024 ** 3,
    },
    findings,
    series: [
      series('queries-per-second', 'perSecond', span, 400),
      series('cache-hit-ratio', 'ratio', span, 1),
      series('connections', 'count', span, 6, { state: 'active' }),
      series('connections', 'count', span, 4, { state: 'idle in transaction' }),
      series('connections', 'count', span, 28, { state: 'idle' }),
      series('connections', 'count', span, 3, { state: 'waiting' }),
      series('wal-bytes-per-second', 'perSecond', span, 1.4 * MB),
      seriesWire.parse({ name: 'temp-bytes-per-second', unit: 'bytes', labels: {}, points: [] }),
      series('load', 'count', span, 2.4),
    ],
    ...more,
  })
}

export function statementDetail(
  span: { from: number; to: number },
  sent: {
    readonly callers: readonly OperationWire[]
    readonly slowQueries: readonly SlowQueryWire[]
  } = { callers: [], slowQueries: [] },
): StatementDetailWire {
  return statementDetailWire.parse({
    statement: statements[0],
    series: [
      series('statement-calls', 'perSecond', span, 50),
      series('statement-mean', 'ms', span, 8),
      series('statement-rows', 'perSecond', span, 150),
      series('statement-reads', 'perSecond', span, 900),
    ],
    findings: findings.filter(({ checkId }) => checkId === 'missing-index'),
    callers: sent.callers,
    slowQueries: sent.slowQueries,
    advice: [
      {
        name: 'message_recipients_member_id_read_at_idx',
        schema: 'public',
        table: 'message_recipients',
        definition: '(member_id, read_at)',
        costBefore: 6385.16,
        costAfter: 126.84,
      },
    ],
    fingerprint: 'f0a1b2c3d4e5f607',
    rewrites: [
      {
        kind: 'bare-column-day',
        sql: "select id from message_recipients where read_at >= $1 and read_at < $1 + interval '1 day'",
        why: 'date(read_at) hides the column from its index; a range over the day does not.',
        sameResult: 'always',
        costBefore: 6385.16,
        costAfter: 220.4,
      },
    ],
  })
}
