// S5: secrets planted into everything that the application may hand in; none comes out of what is drained.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { options } from '../../test/pg/options.ts'
import { endpointOf } from '../listen/pg-endpoint.ts'
import { Recorder } from '../record/recorder.ts'

const CASES = 10_000
const alphabet = (characters: string, minLength: number, maxLength: number): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...characters), { minLength, maxLength }).map((picked) => picked.join(''))
const LOWER = 'abcdefghijklmnopqrstuvwxyz'
const ALNUM = `${LOWER}${LOWER.toUpperCase()}0123456789`

/** A word that is secret by its name alone. */
const word = fc
  .tuple(alphabet(LOWER, 6, 10), alphabet(ALNUM, 6, 14))
  .map(([first, rest]) => `zq${first}${rest}`)
/** Secrets by their shape, with the part that must not survive. */
const shaped = fc.oneof(
  fc
    .tuple(alphabet(ALNUM, 20, 40), alphabet(ALNUM, 20, 60), alphabet(ALNUM, 20, 43))
    .map(([a, b, c]) => [`eyJ${a}.eyJ${b}.${c}`, b] as const),
  alphabet('0123456789', 15, 15).map((digits) => {
    const card = withCheckDigit(digits)
    return [card, card] as const
  }),
  fc.tuple(word, word).map(([user, host]) => [`${user}@${host}.example.org`, user] as const),
  alphabet(ALNUM, 20, 40).map((key) => [`Bearer ${key}`, key] as const),
  alphabet(ALNUM, 24, 40).map((key) => [`sk_live_${key}`, key] as const),
  alphabet(ALNUM, 36, 36).map((key) => [`ghp_${key}`, key] as const),
  alphabet('0123456789abcdef', 32, 64).map((key) => [key, key] as const),
  fc
    .tuple(word, word)
    .map(([user, password]) => [`postgres://${user}:${password}@db.internal/app`, password] as const),
  alphabet(ALNUM, 64, 120).map(
    (key) => [`-----BEGIN RSA PRIVATE KEY-----\n${key}\n-----END RSA PRIVATE KEY-----`, key] as const,
  ),
)
const name = fc.constantFrom(
  'password',
  'token',
  'secret',
  'authorization',
  'card_number',
  'cvv',
  'ssn',
  'apiKey',
  'cookie',
  'refresh_token',
)
const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** What is handed in, and what must not come out. */
interface Planted {
  readonly text: string
  readonly values: readonly unknown[]
  readonly error?: unknown
  readonly attributes?: Record<string, string>
  readonly secret: string
}

const planted: fc.Arbitrary<Planted> = fc.oneof(
  // Literals: whatever they hold.
  fc
    .tuple(
      word,
      fc.constantFrom<(secret: string) => string>(
        quoted,
        (s) => `E${quoted(s)}`,
        (s) => `$$${s}$$`,
        (s) => `$q$${s}$q$`,
        (s) => `'${s}`,
      ),
    )
    .map(([secret, write]) => ({ text: `select * from a where b = ${write(secret)}`, values: [], secret })),
  fc
    .tuple(
      word,
      fc.constantFrom<(secret: string) => string>(
        (s) => `/* ${s} */`,
        (s) => `-- ${s}\n`,
        (s) => `/* a /* ${s} */ */`,
      ),
    )
    .map(([secret, write]) => ({ text: `select 1 ${write(secret)} from a`, values: [], secret })),
  word.map((secret) => ({ text: `set app.password = ${secret}`, values: [], secret })),
  alphabet('23456789', 9, 12).map((secret) => ({
    text: `select * from a where pin = ${secret}`,
    values: [],
    secret,
  })),
  // Parameters by the name that the statement gives.
  fc.tuple(word, name).map(([secret, column]) => ({
    text: `update a set "${column}" = $1 where id = $2`,
    values: [secret, 1],
    secret,
  })),
  fc.tuple(word, name).map(([secret, column]) => ({
    text: `insert into a (id, ${column}) values ($1, $2)`,
    values: [1, secret],
    secret,
  })),
  fc.tuple(word, name).map(([secret, column]) => ({
    text: `select * from a where lower(${column}) in ($1, $2)`,
    values: ['x', secret],
    secret,
  })),
  fc.tuple(word, name).map(([secret, key]) => ({
    text: 'insert into a (data) values ($1)',
    values: [{ deep: [{ [key]: secret }] }],
    secret,
  })),
  fc.tuple(word, name).map(([secret, key]) => ({
    text: 'insert into a (data) values ($1)',
    values: [JSON.stringify({ [key]: secret })],
    secret,
  })),
  fc.tuple(word, name).map(([secret, key]) => ({
    text: 'insert into a (url) values ($1)',
    values: [`https://a.example/b?${key}=${secret}&c=1`],
    secret,
  })),
  // Parameters, attributes, comments and errors by shape.
  fc
    .tuple(shaped, fc.string({ maxLength: 30 }), fc.string({ maxLength: 30 }))
    .map(([[value, secret], before, after]) => ({
      text: 'insert into a (note) values ($1)',
      values: [`${before} ${value} ${after}`],
      secret,
    })),
  fc.tuple(shaped, fc.nat(200)).map(([[value, secret], padding]) => ({
    text: 'insert into a (note) values ($1)',
    values: [`${'x'.repeat(padding)} ${value}`, [value], { a: value }],
    secret,
  })),
  shaped.map(([value, secret]) => ({
    text: 'select 1',
    values: [],
    attributes: { note: value, [`k ${value}`]: 'x' },
    secret,
  })),
  fc
    .tuple(word, name)
    .map(([secret, key]) => ({ text: 'select 1', values: [], attributes: { [key]: secret }, secret })),
  shaped.map(([value, secret]) => ({
    text: `select "${value.replaceAll('"', '')}" from a`,
    values: [],
    secret,
  })),
  fc.tuple(word, shaped).map(([secret, [value]]) => ({
    text: 'select 1',
    values: [],
    error: Object.assign(new Error(`duplicate key: (${value}) ${secret}`), { code: secret, detail: secret }),
    secret,
  })),
)

describe('nothing secret leaves (S5)', () => {
  it(`in ${CASES} generated cases of statements, parameters, URLs, comments, attributes and errors`, () => {
    let cases = 0
    const endpoint = endpointOf('127.0.0.1', 5432, 'app')
    const recorder = new Recorder(options({ slowQueryMs: 1, repeatsFrom: 2 }))
    fc.assert(
      fc.property(planted, ({ text, values, error, attributes, secret }) => {
        const context = recorder.beginRequest('GET')
        for (let n = 0; n < 2; n++)
          recorder.recordQuery({ text, values, error, durationMs: 10, endpoint, context })
        if (attributes !== undefined)
          recorder.recordMetric({ name: 'm', kind: 'count', unit: '1', value: 1, attributes, context })
        recorder.endRequest(context, '/a', 200)
        const drained = recorder.drain(0)
        expect(drained.queries.length).toBeGreaterThan(0)
        expect(drained.slowQueries.length).toBeGreaterThan(0)
        expect(drained.repeats.length).toBeGreaterThan(0)
        const told = JSON.stringify(drained)
        cases++
        expect(told.includes(secret) ? `${secret} in ${told}` : '').toBe('')
      }),
      { numRuns: CASES },
    )
    expect(cases).toBeGreaterThanOrEqual(CASES)
  }, 120_000)
})

function withCheckDigit(digits: string): string {
  for (let check = 0; check < 10; check++) {
    const card = `${digits}${check}`
    let sum = 0
    for (let at = 0; at < card.length; at++) {
      const digit = Number(card[card.length - 1 - at])
      sum += at % 2 === 0 ? digit : Math.floor((digit * 2) / 10) + ((digit * 2) % 10)
    }
    if (sum % 10 === 0) return card
  }
  return digits
}
