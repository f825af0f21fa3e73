// S5: no planted secret gets through, whatever the format and wherever in a message it stood.

import { expect, test } from 'vitest'
import type { LogEvent } from '../model/log-event.ts'
import { type LogFormat, logReader } from './log-reader.ts'
import { eventReader } from './read-event.ts'
import { redactStatement } from './redact-statement.ts'

const CASES = 10_000
/** Messages of one log: what is remembered of one must not let another's secret through. */
const BATCH = 50

interface Planted {
  readonly severity: string
  readonly state: string
  readonly message: string
  readonly detail?: string
  readonly context?: string
  readonly statement?: string
}

type Random = (below: number) => number

function randomOf(seed: number): Random {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 4_294_967_296) * below)
  }
}

const pick = <T>(random: Random, of: readonly T[]): T => of[random(of.length)]!

/** Words that look like nothing, so that only their place gives them away. */
function secretOf(random: Random): string {
  const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'
  const word = Array.from({ length: 8 + random(12) }, () => letters[random(letters.length)]).join('')
  return pick(random, [
    word,
    `${word}ü`,
    `${word}(${random(100)})`,
    `${word} ${word}`,
    `a.${word}@example.com`,
    `${word}\n${word}`,
  ])
}

/** A literal in one of SQL's many quotes. */
function literal(random: Random, secret: string): string {
  const doubled = secret.replaceAll("'", "''")
  return pick(random, [
    `'${doubled}'`,
    `E'${doubled}\\' and more'`,
    `e'\\\\${doubled}'`,
    `$$${secret}$$`,
    `$body_1$${secret}$body_1$`,
    `U&'${doubled}'`,
    `N'${doubled}'`,
    `'it''s ${doubled}'`,
    `'${doubled}'::text`,
    `'C:\\${doubled}'`,
    `'back\\' || '${doubled}'`,
  ])
}

function statementWith(random: Random, secret: string): string {
  const value = literal(random, secret)
  // tags that tell of the sender may stand there, but not what has the shape of a secret, nor any other tag
  const shaped = encodeURIComponent(`/reset?token=${secret.replace(/[^a-zA-Z]/g, '')}`)
  const tag = pick(random, ['caller', 'file', 'source', 'route', 'model', 'controller', 'action'])
  const tags = `/*${tag}='${shaped}',traceparent='00-${shaped}-01',user_id='${encodeURIComponent(secret)}'*/`
  const comment = `/* ${secret.replaceAll('*/', '')} /* nested */ still */`
  return pick(random, [
    `select * from t where a = ${value} and b = 1`,
    `insert into t (a, b) values (${random(1000)}, ${value})`,
    `update "Odd Table" set a=${value} where id in (1,2,3)`,
    `select 1 ${comment}`,
    `select 1 ${tags}`,
    `${tags} select ${value}`,
    `select 1 -- ${secret.replaceAll('\n', ' ')}\nfrom t`,
    `alter role app password ${value}`,
    `set app.user = ${value}`,
    `set local app.token to ${secret.replace(/[^a-zA-Z]/g, '')}`,
    `select f(${value}, ${value}`,
    `copy t from program ${value}`,
    `select * from t where a = ${value.slice(0, Math.max(value.indexOf(secret) + secret.length, 1))}`,
    `select "column that is none: ${secret.replaceAll('"', '')}!"`,
    `do $do$ begin perform ${value}; end $do$`,
  ])
}

function planted(random: Random, secret: string): Planted {
  const sql = statementWith(random, secret)
  const quoted = secret.replaceAll("'", "''")
  const table = pick(random, ['users', 'orders'])
  const log = (message: string, detail?: string): Planted => ({
    severity: 'LOG',
    state: '00000',
    message,
    ...(detail === undefined ? {} : { detail }),
  })
  const error = (state: string, message: string, more: Partial<Planted> = {}): Planted => ({
    severity: pick(random, ['ERROR', 'FATAL', 'WARNING']),
    state,
    message,
    statement: sql,
    ...more,
  })
  return pick<() => Planted>(random, [
    () => log(`duration: 12.345 ms  statement: ${sql}`),
    () => log(`duration: 12.345 ms  execute S_1/C_2: ${sql}`, `Parameters: $1 = '${random(100)}'`),
    () => log(`statement: ${sql}`),
    () => log(`execute <unnamed>: ${sql}`),
    () =>
      log(
        'duration: 1.5 ms  bind <unnamed>: update users set password = $1 where id = $2',
        `parameters: $1 = '${quoted}', $2 = '5'`,
      ),
    () =>
      log(
        'duration: 1.5 ms  execute <unnamed>: insert into users (id, api_key) values ($1, $2)',
        `Parameters: $1 = '5', $2 = '${quoted}'`,
      ),
    () => log('execute <unnamed>: select crypt($1, password) from users', `Parameters: $1 = '${quoted}'`),
    () => log('execute s: execute stored(1)', `prepare: prepare stored as ${sql}`),
    () =>
      log(
        `duration: 3.2 ms  plan:\n${JSON.stringify({ 'Query Text': 'update users set password = $1', 'Query Parameters': `$1 = '${quoted}'`, Plan: { 'Node Type': 'Seq Scan', 'Relation Name': table, 'Startup Cost': 0, 'Total Cost': 1, 'Plan Rows': 1, 'Plan Width': 4, Filter: `((password = '${quoted}'::text) AND (token = $1))`, Output: [`'${quoted}'::text`], Plans: [] } }, null, 2)}`,
      ),
    () =>
      log(
        `duration: 3.2 ms  plan:\nQuery Text: ${sql}\nSeq Scan on ${table}  (cost=0.00..35.50 rows=10 width=4)\n  Filter: (a = '${quoted}'::text)`,
      ),
    () => log(`duration: 3.2 ms  plan:\n<explain><Query-Text>${sql}</Query-Text></explain>`),
    () => log(`AUDIT: SESSION,1,1,WRITE,UPDATE,TABLE,public.users,"${sql.replaceAll('"', '""')}",${secret}`),
    () => log(`AUDIT: SESSION,1,1,READ,SELECT,,,${sql.replaceAll('"', '')},<not logged>`),
    () =>
      error('23505', 'duplicate key value violates unique constraint "users_email_key"', {
        detail: `Key (email)=(${secret}) already exists.`,
      }),
    () =>
      error('23503', 'insert or update on table "orders" violates foreign key constraint "fk"', {
        detail: `Key (lower(a), b)=(${secret}, ${secret}) is not present in table "users".`,
      }),
    () =>
      error('23P01', 'conflicting key value violates exclusion constraint "x"', {
        detail: `Key (room, name)=(1, ${secret}) conflicts with existing key (room, name)=(1, ${secret}).`,
      }),
    () =>
      error('23502', 'null value in column "a" of relation "users" violates not-null constraint', {
        detail: `Failing row contains (1, null, ${secret}, 5).`,
      }),
    () =>
      error('23514', 'new row for relation "users" violates check constraint "c"', {
        detail: `Failing row contains (${secret}).`,
      }),
    () =>
      error('23505', 'doppelter Schlüsselwert verletzt Unique-Constraint »users_email_key«', {
        detail: `Schlüssel »(email)=(${secret})« existiert bereits.`,
      }),
    () =>
      error('23502', 'NULL-Wert in Spalte »a« verletzt Not-Null-Constraint', {
        detail: `Fehlgeschlagene Zeile enthält (1, ${secret}).`,
      }),
    () => error('22P02', `invalid input syntax for type integer: "${secret}"`),
    () => error('22007', `invalid input syntax for type timestamp with time zone: "${secret}"`),
    () => error('22P02', `invalid input value for enum mood: "${secret}"`),
    () => error('22003', `value "${secret}" is out of range for type integer`),
    () =>
      error('22P02', 'invalid input syntax for type json', {
        detail: `Token "${secret}" is invalid.`,
        context: `JSON data, line 1: {"a": ${secret}...`,
      }),
    () => error('42601', `syntax error at or near "${secret}" at character 8`),
    () => error('42601', `unterminated quoted string at or near "'${secret}"`),
    () => error('22P04', 'missing data for column "b"', { context: `COPY users, line 5: "${secret}"` }),
    () =>
      error('22P02', 'invalid input syntax for type integer: "x"', {
        context: `COPY users, line 5, column a: "${secret}"`,
      }),
    () => error('P0001', `it's 'about "${secret}"'`),
    () =>
      error('57014', 'canceling statement due to user request', {
        context: `SQL statement "${sql}"\nPL/pgSQL function f(integer) line 3 at SQL statement`,
      }),
    () =>
      error('22012', 'division by zero', {
        context: `PL/pgSQL expression "${sql}"\nPL/pgSQL function f() line 2 at IF`,
      }),
    () =>
      error('22012', 'division by zero', {
        context: `unnamed portal with parameters: $1 = '${quoted}', $2 = '5'`,
      }),
    () =>
      error('40P01', 'deadlock detected', {
        detail: `Process 1 waits for ShareLock on transaction 5; blocked by process 2.\nProcess 2 waits for ShareLock on transaction 6; blocked by process 1.\nProcess 1: ${sql}\nProcess 2: ${statementWith(random, secret)}`,
      }),
    () => error('XX000', `something that no class knows about password=${secret.replace(/[^a-zA-Z]/g, '')}`),
    () => error('XX000', `connection to "postgres://app:${secret.replace(/[^a-zA-Z]/g, '')}@db/shop" failed`),
  ])()
}

const WRITE: Readonly<Record<LogFormat, (planted: Planted) => string>> = {
  stderr: ({ severity, message, detail, context, statement }) =>
    Object.entries({ [severity]: message, DETAIL: detail, CONTEXT: context, STATEMENT: statement })
      .filter(([, text]) => text !== undefined)
      .map(
        ([word, text]) =>
          `2026-11-22 14:10:19.123 UTC [13] app@shop ${word}:  ${text!.replaceAll('\n', '\n\t')}\n`,
      )
      .join(''),
  csv: ({ severity, state, message, detail, context, statement }) => {
    const text = (value: string | undefined) =>
      value === undefined ? '' : `"${value.replaceAll('"', '""')}"`
    return `2026-11-22 14:10:19.123 UTC,"app","shop",13,"[local]",6743a1b2.d,5,"SELECT",2026-11-22 00:00:00 UTC,3/45,0,${severity},${state},${text(message)},${text(detail)},,,,${text(context)},${text(statement)},,,"api","client backend",,0\n`
  },
  json: ({ severity, state, ...texts }) =>
    `${JSON.stringify({ timestamp: '2026-11-22 14:10:19.123 UTC', pid: 13, error_severity: severity, state_code: state, ...texts })}\n`,
}

function eventsOf(format: LogFormat, text: string): LogEvent[] {
  const events: LogEvent[] = []
  const read = eventReader()
  const reader = logReader({
    format,
    prefix: format === 'stderr' ? '%m [%p] %u@%d ' : undefined,
    onEntry: (entry) => events.push(read(entry)),
  } as Parameters<typeof logReader>[0])
  reader.write(text)
  reader.end()
  return events
}

test(`S5: of ${CASES} planted secrets none gets through`, () => {
  const random = randomOf(20261122)
  const leaks: string[] = []
  for (let count = 0; count < CASES; count += BATCH) {
    const cases = Array.from({ length: BATCH }, () => {
      const secret = secretOf(random)
      return { secret, planted: planted(random, secret) }
    })
    const format = pick<LogFormat>(random, ['stderr', 'csv', 'json'])
    const events = eventsOf(format, cases.map((each) => WRITE[format](each.planted)).join(''))
    expect(events).toHaveLength(BATCH)
    const shown = JSON.stringify(events)
    for (const each of cases) {
      // Any part of it that is a word of its own kind would be one too many.
      const parts = each.secret.split(/[^a-zA-Z]+/).filter((part) => part.length >= 8)
      if (parts.some((part) => shown.includes(part))) leaks.push(`${format}: ${JSON.stringify(each)}`)
    }
  }
  expect(leaks.slice(0, 5).join('\n\n')).toBe('')
})

test.each([
  ["select * from t where a = 'x' and b = 5", 'select * from t where a = ? and b = ?'],
  ['select $1, a1, t2.c3 from t2 limit 1', 'select $1, a1, t2.c3 from t2 limit 1'],
  ['select 1.5e-10, .5, 0x1F, 1_000, 0', 'select ?, .?, ?, ?, 0'],
  ["select E'a\\'b', U&'x', b'01', $$y$$, $t$z$t$ from a", 'select ?, ?, ?, ?, ? from a'],
  ['select "Id", "tenantId" from "public"."Order"', 'select "Id", "tenantId" from "public"."Order"'],
  ['select * from a where "me@example.com" = b', 'select * from a where "?" = b'],
  ['select 1 /* a /* b */ c */ + 2 -- d', 'select 1  + ?'],
  ["set app.token = abc; select 'x'", 'set app.token = ?; select ?'],
  ['update a set b = c where d = 7', 'update a set b = c where d = ?'],
  ["select 'never closed", 'select ?'],
  ["select 'a\\' or 'b' from c", 'select ?'],
  ['', ''],
])('%s becomes %s', (text, redacted) => {
  expect(redactStatement(text)).toBe(redacted)
})

test('a text without any value is the very same', () => {
  const text = 'select a from b where c = $1 limit 1'
  expect(redactStatement(text)).toBe(text)
})

test('long and odd texts take little time', () => {
  for (const text of [
    "'".repeat(500_000),
    '"'.repeat(200_000),
    '/*'.repeat(300_000),
    '$'.repeat(300_000),
    '$a'.repeat(200_000),
    "\\'".repeat(300_000),
    '('.repeat(500_000),
  ])
    expect(redactStatement(text).length).toBeLessThanOrEqual(text.length + 1)
})

test('long and odd messages take little time', () => {
  const odd = [
    ')=('.repeat(300_000),
    '"'.repeat(500_000),
    'SQL statement "'.repeat(60_000),
    "('".repeat(300_000),
    'Process 1: '.repeat(80_000),
  ]
  for (const text of odd) {
    const [event] = eventsOf(
      'json',
      WRITE.json({
        severity: 'ERROR',
        state: '23505',
        message: `x ${text}`,
        detail: `Key (a${text}`,
        context: text,
        statement: text,
      }),
    )
    expect(event!.detail!.length).toBeLessThan(20_000)
  }
})
