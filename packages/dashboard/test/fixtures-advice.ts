// A made-up advice as the API would tell of it: advised, redundant and left out, and what indexes that appeared did.

import type { AdviceReport, AdvisedIndex, ServedStatement } from '../../pgsteward/src/model/advice.ts'
import {
  type AdviceScriptWire,
  type AdviceWire,
  adviceScriptWire,
  adviceWire,
  type IndexEffectsWire,
  indexEffectsWire,
} from '../../pgsteward/src/model/wire.ts'
import { ago, HOSTILE } from './fixtures.ts'

const MB = 1024 ** 2
const HOUR = 3_600_000

function served(
  id: string,
  sql: string,
  [callsPerMinute, costBefore, costAfter]: readonly [number, number, number],
  more: Partial<ServedStatement> = {},
): ServedStatement {
  return {
    id,
    sql,
    callsPerMinute,
    costBefore,
    costAfter,
    scanBefore: 'Seq Scan',
    scanAfter: 'Index Scan',
    foreignKey: null,
    ...more,
  }
}

function advised(
  table: string,
  columns: string,
  [gainPerMinute, sizeBytes, writePerMinute]: readonly [number, number, number],
  statements: readonly ServedStatement[],
  more: Partial<AdvisedIndex> = {},
): AdvisedIndex {
  const name = `${table}_${columns
    .replace(/ (where|include) .*/, '')
    .replace(/\W+/g, '_')
    .replace(/^_|_$/g, '')}_idx`
  return {
    schema: 'public',
    table,
    name,
    sql: `create index concurrently ${name} on public.${table} ${columns}`,
    undo: `drop index concurrently public.${name}`,
    definition: columns,
    sizeBytes,
    statements,
    gainPerMinute,
    write: {
      costPerMinute: writePerMinute,
      walBytesPerMinute: writePerMinute * 40,
      hotLostPerMinute: 0,
    },
    verifiedBy: 'planner',
    cautions: [],
    ...more,
  }
}

export const UNREAD =
  'select m.id, m.body, m.created_at, r.read_at from message_recipients r join messages m on m.id = r.message_id where r.member_id = $1 and r.read_at is null order by m.created_at desc limit $2'

const indexes: readonly AdvisedIndex[] = [
  advised(
    'message_recipients',
    '(member_id, read_at)',
    [8_793_752, 6.3 * MB, 4996],
    [
      served('-5561034', UNREAD, [900, 6385.16, 126.84], { scanAfter: 'Bitmap Index Scan' }),
      served('8123456789089', 'update members set last_seen_at = now() where id = $1', [500, 7415.5, 168.5], {
        scanAfter: 'Index Only Scan',
      }),
      served(
        'foreign key message_recipients_member_id_fkey',
        'delete from only public.message_recipients where member_id = $1',
        [3, 6840, 126],
        {
          foreignKey: 'message_recipients_member_id_fkey',
        },
      ),
    ],
  ),
  advised(
    'assessments',
    "(tenant_id) where status = 'IN_PROGRESS'",
    [2_751_037, 80 * 1024, 310],
    [
      served(
        '8123456789243',
        "select id, title from assessments where tenant_id = $1 and status = 'IN_PROGRESS'",
        [310, 8880, 4.2],
      ),
    ],
    {
      write: { costPerMinute: 310, walBytesPerMinute: 9 * 1024, hotLostPerMinute: 42 },
      cautions: ["It serves only statements that ask for status = 'IN_PROGRESS' as a constant."],
    },
  ),
  advised(
    'messages',
    '(church_id, created_at desc) include (body)',
    [486_527, 12.4 * MB, 2210],
    [
      served(
        '8123456789397',
        'select id, body from messages where church_id = $1 order by created_at desc limit 20',
        [240, 2031, 8.6],
      ),
    ],
  ),
  advised(
    'audit_log',
    'using gin (details jsonb_path_ops)',
    [39_411, 370 * 1024, 0],
    [
      served('8123456789320', 'select id from audit_log where details @> $1', [2, 19_800, 92], {
        scanAfter: 'Bitmap Index Scan',
      }),
    ],
    {
      verifiedBy: 'formula',
      cautions: ['A GIN index makes inserts slower in bursts, when its pending list is merged.'],
    },
  ),
  advised(
    'members',
    '(lower(email))',
    [18_410, 1.1 * MB, 12],
    [served('8123456789551', 'select id, email from members where lower(email) = lower($1)', [30, 622, 8.4])],
  ),
  advised(HOSTILE, '(id)', [900, 8192, 0], [served('9', `select '${HOSTILE}'`, [1, 900, 0.5])], {
    name: HOSTILE,
    schema: 'odd schema',
  }),
]

export function report(more: Partial<AdviceReport> = {}): AdviceReport {
  return {
    target: '127.0.0.1:5433/messaging',
    planner: {
      kind: 'pglite',
      versionNum: 180_006,
      agreement: { statements: 98, sameShape: 98, sameCost: 97, couldNotPlan: 1 },
    },
    budgetBytes: 97 * MB,
    tableBytes: 388 * MB,
    indexes,
    redundant: [
      {
        schema: 'public',
        table: 'messages',
        name: 'messages_church_id_idx',
        sizeBytes: 8.2 * MB,
        because:
          'messages_church_id_created_at_idx begins with the same column and serves the same statements.',
        sql: 'drop index concurrently public.messages_church_id_idx',
      },
    ],
    rewrites: [
      {
        id: '8123456789551',
        kind: 'bare-column-day',
        before: 'select count(*) from messages where created_at::date = $1',
        sql: "select count(*) from messages where created_at >= $1::date and created_at < $1::date + interval '1 day'",
        why: 'The condition casts created_at, so that no index on it serves; a range of the bare column does.',
        sameResult: 'always',
        callsPerMinute: 42,
        costBefore: 1519,
        costAfter: 53,
      },
    ],
    cost: {
      beforePerMinute: 15_603_446,
      afterPerMinute: 459_993,
      writePerMinute: 14_162,
      walBytesPerMinute: 435_987,
    },
    sizeBytes: indexes.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    statements: Array.from({ length: 98 }, (_, place) => ({
      id: String(8_123_456_789_012 + place * 77),
      callsPerMinute: 100 / (place + 1),
      costBefore: 6000 / (place + 1),
      costAfter: 100 / (place + 1),
      valuesFrom: 'statistics',
    })),
    leftOut: [
      { id: '8123456789628', because: 'its text is cut off at 1,024 bytes' },
      { id: 'report-1', because: `relation "${HOSTILE}" does not exist` },
    ],
    notes: ['8 tables that hardly change are not marked all-visible yet; planned for as after a VACUUM.'],
    search: { candidates: 87, explains: 1948, answeredFromPlans: 41_178, tookMs: 2953, isFinished: true },
    ...more,
  }
}

export const RUNNING: Partial<AdviceWire> = {
  status: 'running',
  progress: 'comparing with the target',
  startedAt: ago(21_000),
  finishedAt: null,
  nextAt: null,
}

export const NEVER: Partial<AdviceWire> = {
  status: 'never',
  startedAt: null,
  finishedAt: null,
  reportAt: null,
  workload: null,
  report: null,
}

export function advice(more: Partial<AdviceWire> = {}): AdviceWire {
  return adviceWire.parse({
    status: 'done',
    because: null,
    progress: null,
    startedAt: ago(3 * HOUR + 41_000),
    finishedAt: ago(3 * HOUR),
    nextAt: new Date(Date.now() + 21 * HOUR).toISOString(),
    workload: { source: 'history', statements: 98, from: ago(7 * 24 * HOUR), to: ago(3 * HOUR) },
    reportAt: ago(3 * HOUR),
    report: report(),
    ...more,
  })
}

export function adviceScript(query: URLSearchParams): AdviceScriptWire {
  const names = query.getAll('index')
  const chosen = indexes
    .filter(({ name }) => names.includes(name))
    .map(({ name, sql }) => ({ name, text: sql.replace('concurrently', 'concurrently if not exists') }))
  return adviceScriptWire.parse({
    files:
      query.get('format') === 'sql'
        ? [{ path: 'advised-indexes.sql', text: chosen.map(({ text }) => `${text};\n`).join('') }]
        : chosen.map(({ name, text }) => ({
            path: `prisma/migrations/20261122120000_${name}/migration.sql`,
            text: `${text};\n`,
          })),
  })
}

const before = {
  calls: 54_000,
  callsPerMinute: 900,
  meanMs: 12.4,
  totalMsPerMinute: 11_160,
  blocksPerCall: 2204,
}

export const indexEffects: IndexEffectsWire = indexEffectsWire.parse({
  effects: [
    {
      schema: 'public',
      table: 'deliveries',
      index: 'deliveries_message_id_status_idx',
      definition:
        'CREATE INDEX deliveries_message_id_status_idx ON public.deliveries USING btree (message_id, status)',
      appearedAt: ago(5 * HOUR),
      advisedBy: '17',
      before: { from: ago(10 * HOUR), to: ago(5 * HOUR) },
      after: { from: ago(5 * HOUR), to: ago(60_000) },
      isComplete: false,
      predictedCostRatio: 0.019,
      measuredRatio: 0.034,
      verdict: 'improved',
      because: null,
      statements: [
        {
          queryId: '8123456789166',
          text: 'insert into deliveries (message_id, recipient_id, channel, status, attempted_at) values ($1, $2, $3, $4, now()) returning id',
          before,
          after: {
            calls: 55_300,
            callsPerMinute: 921,
            meanMs: 0.41,
            totalMsPerMinute: 377,
            blocksPerCall: 8,
          },
          predictedCostRatio: 0.019,
          measuredRatio: 0.033,
          verdict: 'improved',
        },
        {
          queryId: '8123456789243',
          text: "select c.id, count(*) filter (where d.status = 'failed') from churches c join messages m on m.church_id = c.id",
          before: { ...before, meanMs: 3.1, callsPerMinute: 2, totalMsPerMinute: 6.2, blocksPerCall: 40 },
          after: {
            ...before,
            calls: 3,
            meanMs: 3.4,
            callsPerMinute: 2,
            totalMsPerMinute: 6.8,
            blocksPerCall: 41,
          },
          predictedCostRatio: null,
          measuredRatio: null,
          verdict: 'too-few-calls',
        },
      ],
      refreshedAt: ago(60_000),
    },
    {
      schema: 'public',
      table: 'members',
      index: HOSTILE,
      definition: `CREATE INDEX "${HOSTILE}" ON public.members USING btree (name)`,
      appearedAt: ago(49 * HOUR),
      advisedBy: null,
      before: { from: ago(73 * HOUR), to: ago(49 * HOUR) },
      after: { from: ago(49 * HOUR), to: ago(25 * HOUR) },
      isComplete: true,
      predictedCostRatio: null,
      measuredRatio: 1.31,
      verdict: 'disturbed',
      because: 'the index members_email_idx appeared at the same time',
      statements: [],
      refreshedAt: ago(25 * HOUR),
    },
  ],
})
