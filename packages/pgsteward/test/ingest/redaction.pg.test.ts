// S5 at the door: an application without our package sends secrets in everything that OpenTelemetry lets it send; none reaches the
// store. (That none leaves an application with our package is tested there, in redaction.test.ts.)

import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createIngest, type Ingest } from '../../src/app/ingest/ingest.ts'
import { openStore } from '../../src/store/open-store.ts'
import type { OpenedStore } from '../../src/store/postgres-store.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'

const CASES = 10_000
const PER_BODY = 250
const SEED = 20_261_122

let database: TestDatabase
let store: OpenedStore
let ingest: Ingest
/** A minute goes by with each body: the store keeps a bounded number of slow queries a minute. */
let clock = Date.now()

beforeAll(async () => {
  database = await createDatabase()
  store = await openStore({ url: database.url })
  ingest = createIngest({
    store,
    config: {
      targets: [{ id: 'shop', url: 'postgres://u:p@db.internal:5432/shop' }] as never,
      applications: [],
    },
    now: () => new Date(clock),
  })
})
afterAll(async () => {
  await ingest.stop()
  await store.close()
  await database.drop()
})

/** What no secret may be found by: each holds it, so that one look at everything tells. */
const MARK = 'zqsecret'
const word = fc
  .array(fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz0123456789'), { minLength: 8, maxLength: 24 })
  .map((letters) => `${MARK}${letters.join('')}`)

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** A text with a secret in a place where texts hold values. */
const text = fc
  .tuple(
    word,
    fc.constantFrom<(secret: string) => string>(
      (s) => `select * from app_user where email = ${quoted(s)}`,
      (s) => `select * from app_user where email = E${quoted(s)} and id = $1`,
      (s) => `select $$${s}$$`,
      (s) => `select $tag$ ${s} $tag$ from app_user`,
      (s) => `insert into app_user (name, note) values (1, ${quoted(s)}), (2, ${quoted(`it's ${s}`)})`,
      (s) => `update app_user set password = ${quoted(s)} where id in (1, 2, 3)`,
      (s) => `select 1 /* token=${s} */ from app_user`,
      (s) => `select 1 from app_user -- ${s}`,
      (s) => `select * from app_user where note = '${s}`,
      (s) => `set app.token = ${s}`,
      (s) => `create role x password ${quoted(s)}`,
      (s) => `copy a from program ${quoted(`curl -H 'Authorization: ${s}'`)}`,
    ),
  )
  .map(([secret, write]) => write(secret))

/** A value that is secret by its name or by its shape. */
const parameter = fc
  .tuple(
    word,
    fc.constantFrom<(secret: string) => string>(
      (s) => `Bearer ${s}${s}`,
      (s) => `${s}@mail.example`,
      (s) => `postgres://app:${s}@db.internal/shop`,
      (s) => `{"password":"${s}","user":"x"}`,
      (s) => `https://api.example/cb?token=${s}&x=1`,
    ),
  )
  .map(([secret, write]) => write(secret))

const attribute = (key: string, value: string) => ({ key, value: { stringValue: value } })

interface Case {
  readonly text: string
  readonly parameter: string
  readonly secret: string
  readonly isOldConvention: boolean
  readonly hasFailed: boolean
}

const planted: fc.Arbitrary<Case> = fc.record({
  text,
  parameter,
  secret: word,
  isOldConvention: fc.boolean(),
  hasFailed: fc.boolean(),
})

function spanOf(each: Case, index: number) {
  const end = clock
  const id = (index + 1).toString(16)
  return {
    traceId: id.padStart(32, '1'),
    spanId: id.padStart(16, '2'),
    name: `query ${each.secret}`,
    kind: 3,
    // slow, so that it is kept with all that it has
    startTimeUnixNano: `${end - 900}000000`,
    endTimeUnixNano: `${end}000000`,
    attributes: [
      attribute(each.isOldConvention ? 'db.system' : 'db.system.name', 'postgresql'),
      attribute('db.namespace', 'shop'),
      attribute('server.address', 'db.internal'),
      attribute(each.isOldConvention ? 'db.statement' : 'db.query.text', each.text),
      attribute('db.query.parameter.0', each.parameter),
      attribute('db.postgresql.values', `["${each.secret}"]`),
      attribute('http.request.header.authorization', each.secret),
      attribute('exception.message', each.secret),
      ...placeOf(index),
    ],
    events: [{ name: 'exception', attributes: [attribute('exception.message', each.secret)] }],
    status: each.hasFailed ? { code: 2, message: each.secret } : {},
  }
}

/** Of its own: of one place only some are kept. */
const placeOf = (index: number) => [
  attribute('code.file.path', 'src/careless.ts'),
  { key: 'code.line.number', value: { intValue: `${index}` } },
]

function logOf(each: Case, index: number) {
  return {
    timeUnixNano: `${clock}000000`,
    eventName: 'pgsteward.slow_query',
    body: { stringValue: each.text },
    attributes: [
      attribute('db.system.name', 'postgresql'),
      attribute('db.namespace', 'shop'),
      attribute('server.address', 'db.internal'),
      attribute('db.query.text', each.text),
      attribute('db.query.parameter.0', each.parameter),
      { key: 'pgsteward.duration', value: { doubleValue: 0.9 } },
      ...placeOf(index),
    ],
  }
}

const resource = {
  attributes: [attribute('service.name', 'careless'), attribute('service.instance.id', 'one')],
}

async function send(signal: 'traces' | 'logs', body: unknown): Promise<void> {
  const received = await ingest.receive({
    signal,
    encoding: 'json',
    isGzip: false,
    bytes: Buffer.from(JSON.stringify(body)),
  })
  expect(received).toMatchObject({ status: 'saved', rejected: 0 })
}

/** Every row of every table of the store, as text. */
async function everythingKept(): Promise<readonly string[]> {
  const tables = await store.database.query<{ name: string }>(
    `select c.oid::pg_catalog.regclass::text as name from pg_catalog.pg_class c
      where c.relnamespace = 'pgsteward'::pg_catalog.regnamespace and c.relkind = 'r'`,
  )
  const kept: string[] = []
  for (const { name } of tables) {
    const rows = await store.database.query<{ row: string }>(`select t::text as row from ${name} t`)
    kept.push(...rows.map(({ row }) => `${name}: ${row}`))
  }
  return kept
}

test(`of ${CASES} planted secrets none is in the store`, async () => {
  const cases = fc.sample(planted, { numRuns: CASES, seed: SEED })
  for (let from = 0; from < CASES; from += PER_BODY) {
    const some = cases.slice(from, from + PER_BODY)
    const spans = some.map((each, index) => spanOf(each, from + index))
    await send('traces', { resourceSpans: [{ resource, scopeSpans: [{ spans }] }] })
    const logRecords = some.map((each, index) => logOf(each, from + index))
    await send('logs', { resourceLogs: [{ resource, scopeLogs: [{ logRecords }] }] })
    clock += 60_000
  }
  // what is held back until its request arrives is saved as well
  await ingest.stop()

  const kept = await everythingKept()
  const slow = kept.filter((row) => row.includes('slow_query_log'))
  expect(slow.length).toBeGreaterThan(CASES)
  expect(kept.filter((row) => row.toLowerCase().includes(MARK)).slice(0, 5)).toEqual([])
}, 300_000)
