// Logs to measure on: what a busy server writes, in its three formats, the same for the same seed.

import { createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'

export type BenchFormat = 'stderr' | 'csv' | 'json'

interface Message {
  readonly severity: string
  readonly state: string
  readonly message: string
  readonly detail?: string
  readonly context?: string
  readonly statement?: string
  /** False: of a process without a session. */
  readonly isSession?: boolean
}

/** What every hundred messages are, about as a server with log_min_duration_statement = 100ms and log_connections writes them. */
const MIX: readonly (readonly [share: number, make: (random: () => number) => Message])[] = [
  [30, (random) => duration(random, 'execute <unnamed>')],
  [16, (random) => duration(random, 'statement')],
  [4, (random) => ({ severity: 'LOG', state: '00000', message: `duration: ${ms(random)} ms` })],
  [
    12,
    (random) => ({
      severity: 'LOG',
      state: '00000',
      message: `connection received: host=10.0.${whole(random, 255)}.${whole(random, 255)} port=${1024 + whole(random, 60000)}`,
      isSession: false,
    }),
  ],
  [
    12,
    () => ({
      severity: 'LOG',
      state: '00000',
      message:
        'connection authorized: user=app database=shop application_name=api SSL enabled (protocol=TLSv1.3, cipher=TLS_AES_256_GCM_SHA384, bits=256)',
    }),
  ],
  [
    11,
    (random) => ({
      severity: 'LOG',
      state: '00000',
      message: `disconnection: session time: 0:0${whole(random, 10)}:${10 + whole(random, 50)}.${100 + whole(random, 900)} user=app database=shop host=10.0.0.${whole(random, 255)} port=${1024 + whole(random, 60000)}`,
    }),
  ],
  [4, uniqueViolation],
  [
    2,
    (random) => ({
      severity: 'ERROR',
      state: '57014',
      message: 'canceling statement due to statement timeout',
      statement: select(random),
    }),
  ],
  [
    1,
    (random) => ({
      severity: 'ERROR',
      state: '22P02',
      message: `invalid input syntax for type integer: "abc${whole(random, 1000)}"`,
      statement: `select * from orders where id = 'abc${whole(random, 1000)}'`,
    }),
  ],
  [
    3,
    (random) => ({
      severity: 'LOG',
      state: '00000',
      message: `temporary file: path "base/pgsql_tmp/pgsql_tmp${whole(random, 90000)}.${whole(random, 20)}", size ${whole(random, 300_000_000)}`,
      statement: select(random),
    }),
  ],
  [1.5, autovacuum],
  [1, checkpoint],
  [1.4, plan],
  [1, lockWait],
  [0.1, deadlock],
]

/** Mulberry32: the same numbers for the same seed. */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const whole = (random: () => number, below: number): number => Math.floor(random() * below)
const ms = (random: () => number): string => (random() ** 4 * 5000 + 100).toFixed(3)

const TABLES = ['orders', 'customers', 'messages', 'invoices', 'events', 'tenants', 'members', 'attachments']

function select(random: () => number): string {
  const table = TABLES[whole(random, TABLES.length)]!
  return `SELECT t.id, t.created_at, t.status, t.total, c.name, c.email FROM ${table} t JOIN customers c ON c.id = t.customer_id WHERE t.tenant_id = ${whole(random, 5000)} AND t.status IN ('open', 'paid') AND c.email LIKE 'user${whole(random, 100000)}@%' ORDER BY t.created_at DESC LIMIT 50`
}

function duration(random: () => number, how: string): Message {
  if (how === 'statement') {
    const isLong = random() < 0.3
    const sql = isLong ? select(random).replaceAll(/ (FROM|JOIN|WHERE|ORDER)/g, '\n  $1') : select(random)
    return { severity: 'LOG', state: '00000', message: `duration: ${ms(random)} ms  statement: ${sql}` }
  }
  const table = TABLES[whole(random, TABLES.length)]!
  return {
    severity: 'LOG',
    state: '00000',
    message: `duration: ${ms(random)} ms  ${how}: SELECT "public"."${table}"."id", "public"."${table}"."status", "public"."${table}"."createdAt" FROM "public"."${table}" WHERE ("public"."${table}"."tenantId" = $1 AND "public"."${table}"."status" = $2) ORDER BY "public"."${table}"."createdAt" DESC LIMIT $3 OFFSET $4`,
    detail: `Parameters: $1 = '${whole(random, 5000)}', $2 = 'open', $3 = '50', $4 = '0'`,
  }
}

function uniqueViolation(random: () => number): Message {
  const email = `user${whole(random, 100000)}@example.com`
  return {
    severity: 'ERROR',
    state: '23505',
    message: 'duplicate key value violates unique constraint "customers_email_key"',
    detail: `Key (email)=(${email}) already exists.`,
    statement: `INSERT INTO customers (name, email) VALUES ('Someone', '${email}')`,
  }
}

function autovacuum(random: () => number): Message {
  const table = TABLES[whole(random, TABLES.length)]!
  const pages = whole(random, 90000)
  return {
    severity: 'LOG',
    state: '00000',
    isSession: false,
    message: [
      `automatic vacuum of table "shop.public.${table}": index scans: 1`,
      `pages: 0 removed, ${pages} remain, ${pages} scanned (100.00% of total), 0 eagerly scanned`,
      `tuples: ${whole(random, 9000)} removed, ${whole(random, 900000)} remain, 0 are dead but not yet removable`,
      `removable cutoff: ${whole(random, 9000000)}, which was 0 XIDs old when operation ended`,
      `index scan needed: ${whole(random, 900)} pages from table (10.00% of total) had ${whole(random, 9000)} dead item identifiers removed`,
      `index "${table}_pkey": pages: ${whole(random, 900)} in total, 0 newly deleted, 0 currently deleted, 0 reusable`,
      `avg read rate: 12.345 MB/s, avg write rate: 3.210 MB/s`,
      `buffer usage: ${whole(random, 90000)} hits, ${whole(random, 9000)} reads, ${whole(random, 900)} dirtied`,
      `WAL usage: ${whole(random, 9000)} records, 12 full page images, ${whole(random, 9000000)} bytes, 0 buffers full`,
      `system usage: CPU: user: 0.12 s, system: 0.03 s, elapsed: ${(random() * 9).toFixed(2)} s`,
    ].join('\n'),
  }
}

function checkpoint(random: () => number): Message {
  return {
    severity: 'LOG',
    state: '00000',
    isSession: false,
    message: `checkpoint complete: wrote ${whole(random, 9000)} buffers (10.1%), wrote 3 SLRU buffers; 0 WAL file(s) added, 0 removed, 3 recycled; write=26.917 s, sync=0.003 s, total=26.954 s; sync files=54, longest=0.002 s, average=0.001 s; distance=${whole(random, 90000)} kB, estimate=48000 kB; lsn=0/4A5B6C8, redo lsn=0/4A5B690`,
  }
}

function plan(random: () => number): Message {
  const cost = (random() * 9000).toFixed(2)
  const document = {
    'Query Text': select(random),
    Plan: {
      'Node Type': 'Limit',
      'Startup Cost': Number(cost),
      'Total Cost': Number(cost) + 10,
      'Plan Rows': 50,
      'Plan Width': 64,
      'Actual Startup Time': 120.1,
      'Actual Total Time': 121.4,
      'Actual Rows': 50,
      'Actual Loops': 1,
      Plans: [
        {
          'Node Type': 'Seq Scan',
          'Parent Relationship': 'Outer',
          'Relation Name': 'orders',
          Alias: 't',
          'Startup Cost': 0,
          'Total Cost': Number(cost),
          'Plan Rows': 5000,
          'Plan Width': 64,
          'Actual Startup Time': 0.1,
          'Actual Total Time': 118.2,
          'Actual Rows': 4987,
          'Actual Loops': 1,
          Filter: `((tenant_id = ${whole(random, 5000)}) AND (status = ANY ('{open,paid}'::text[])))`,
          'Rows Removed by Filter': whole(random, 90000),
        },
      ],
    },
  }
  return {
    severity: 'LOG',
    state: '00000',
    message: `duration: ${ms(random)} ms  plan:\n${JSON.stringify(document, null, 2)}`,
  }
}

function lockWait(random: () => number): Message {
  const [one, other] = [whole(random, 30000), whole(random, 30000)]
  return {
    severity: 'LOG',
    state: '00000',
    message: `process ${one} still waiting for ShareLock on transaction ${whole(random, 900000)} after 1000.123 ms`,
    detail: `Process holding the lock: ${other}. Wait queue: ${one}.`,
    context: 'while updating tuple (0,5) in relation "orders"',
    statement: `UPDATE orders SET status = 'paid' WHERE id = ${whole(random, 900000)}`,
  }
}

function deadlock(random: () => number): Message {
  const [one, other] = [whole(random, 30000), whole(random, 30000)]
  const update = `UPDATE orders SET status = 'paid' WHERE id = ${whole(random, 900000)}`
  return {
    severity: 'ERROR',
    state: '40P01',
    message: 'deadlock detected',
    detail: `Process ${one} waits for ShareLock on transaction 1001; blocked by process ${other}.\nProcess ${other} waits for ShareLock on transaction 1002; blocked by process ${one}.\nProcess ${one}: ${update}\nProcess ${other}: UPDATE customers SET name = 'x' WHERE id = 5`,
    context: 'while updating tuple (0,5) in relation "orders"',
    statement: update,
  }
}

const SHARES = MIX.reduce((sum, [share]) => sum + share, 0)

function pick(random: () => number): Message {
  let at = random() * SHARES
  for (const [share, make] of MIX) {
    at -= share
    if (at < 0) return make(random)
  }
  return MIX[0]![1](random)
}

/** Writes a log of about so many bytes. stderr's prefix is `%m [%p] %q%u@%d `. */
export async function writeLog(path: string, format: BenchFormat, bytes: number): Promise<{ lines: number }> {
  const random = randomOf(20261122)
  const out = createWriteStream(path)
  let written = 0
  let lines = 0
  let atMs = Date.UTC(2026, 10, 22)
  while (written < bytes) {
    let chunk = ''
    while (chunk.length < 256 * 1024) {
      atMs += whole(random, 40)
      const time = `${new Date(atMs).toISOString().replace('T', ' ').slice(0, 23)} UTC`
      chunk += WRITERS[format](pick(random), time, 1000 + whole(random, 200))
    }
    written += Buffer.byteLength(chunk)
    lines += chunk.split('\n').length - 1
    if (!out.write(chunk)) await new Promise<void>((drained) => out.once('drain', () => drained()))
  }
  out.end()
  await finished(out)
  return { lines }
}

const WRITERS: Readonly<Record<BenchFormat, (message: Message, time: string, pid: number) => string>> = {
  stderr({ severity, message, detail, context, statement, isSession }, time, pid) {
    const prefix = `${time} [${pid}] ${isSession === false ? '' : 'app@shop '}`
    const parts = [
      `${severity}:  ${message}`,
      ...(detail === undefined ? [] : [`DETAIL:  ${detail}`]),
      ...(context === undefined ? [] : [`CONTEXT:  ${context}`]),
      ...(statement === undefined ? [] : [`STATEMENT:  ${statement}`]),
    ]
    return parts.map((part) => `${prefix}${part.replaceAll('\n', '\n\t')}\n`).join('')
  },
  csv({ severity, state, message, detail, context, statement, isSession }, time, pid) {
    const text = (value: string | undefined) =>
      value === undefined ? '' : `"${value.replaceAll('"', '""')}"`
    const session = isSession === false ? ',,' : '"app","shop",'
    return `${time},${session}${pid},"10.0.0.7:51234",6743a1b2.${pid.toString(16)},5,"SELECT",2026-11-22 00:00:00 UTC,3/45,0,${severity},${state},${text(message)},${text(detail)},,,,${text(context)},${text(statement)},,,"api","client backend",,0\n`
  },
  json({ severity, state, message, detail, context, statement, isSession }, time, pid) {
    return `${JSON.stringify({
      timestamp: time,
      ...(isSession === false ? {} : { user: 'app', dbname: 'shop' }),
      pid,
      remote_host: '10.0.0.7',
      remote_port: 51234,
      session_id: `6743a1b2.${pid.toString(16)}`,
      line_num: 5,
      ps: 'SELECT',
      session_start: '2026-11-22 00:00:00 UTC',
      vxid: '3/45',
      txid: 0,
      error_severity: severity,
      ...(state === '00000' ? {} : { state_code: state }),
      message,
      detail,
      context,
      statement,
      application_name: 'api',
      backend_type: 'client backend',
      query_id: 0,
    })}\n`
  },
}
