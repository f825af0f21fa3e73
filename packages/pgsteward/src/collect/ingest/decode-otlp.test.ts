import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeOtlp, type Encoding } from './decode-otlp.ts'
import type { Signal } from './decoded.ts'
import { writeProtobuf } from './otlp-messages.ts'
import { UnreadableBody } from './read-value.ts'
import { translator } from './to-reports.ts'

const NOW = new Date(Date.UTC(2026, 9, 5, 8, 0))
const SIGNALS = ['metrics', 'logs', 'traces'] as const

/** Decodes and translates; true: it was read, false: it was refused. Anything else thrown fails the test. */
async function isRead(signal: Signal, encoding: Encoding, bytes: Uint8Array): Promise<boolean> {
  try {
    translator().translate(await decodeOtlp(signal, encoding, bytes), '0'.repeat(32), NOW)
    return true
  } catch (error) {
    expect(error).toBeInstanceOf(UnreadableBody)
    expect((error as Error).message).not.toBe('')
    return false
  }
}

const json = (value: unknown) => Buffer.from(JSON.stringify(value) ?? '')

test('random bytes are read or refused, never more', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...SIGNALS),
      fc.constantFrom<Encoding>('json', 'protobuf'),
      fc.uint8Array({ maxLength: 300 }),
      async (signal, encoding, bytes) => void (await isRead(signal, encoding, bytes)),
    ),
    { numRuns: 2000 },
  )
})

const NAMES = [
  'resourceMetrics resource scopeMetrics scope metrics name unit gauge sum histogram exponentialHistogram dataPoints',
  'attributes key value stringValue intValue doubleValue boolValue timeUnixNano startTimeUnixNano asInt asDouble count',
  'bucketCounts explicitBounds scale offset positive zeroCount aggregationTemporality isMonotonic resourceSpans scopeSpans',
  'spans traceId spanId parentSpanId kind status code endTimeUnixNano resourceLogs scopeLogs logRecords body eventName',
].flatMap((line) => line.split(' '))

/** Bodies that have the right words in the right order, and any value in any place. */
const anything: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 9, depthSize: 'large' },
    fc.constantFrom(
      null,
      true,
      0,
      -1,
      1e300,
      '',
      'NaN',
      '-5',
      '9'.repeat(400),
      'pgsteward.slow_query',
      '\ud800\0',
    ),
    fc.double(),
    fc.string(),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...NAMES, '__proto__', 'constructor'), tie('value'), { maxKeys: 5 }),
  ),
})).value

test('JSON with the right words and any values is read or refused, never more', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...SIGNALS), anything, async (signal, value) => {
      const resources = { metrics: 'resourceMetrics', logs: 'resourceLogs', traces: 'resourceSpans' }[signal]
      const scopes = { metrics: 'scopeMetrics', logs: 'scopeLogs', traces: 'scopeSpans' }[signal]
      const items = { metrics: 'metrics', logs: 'logRecords', traces: 'spans' }[signal]
      await isRead(signal, 'json', json(value))
      await isRead(signal, 'json', json({ [resources]: [{ [scopes]: [{ [items]: [value] }] }] }))
      await isRead(
        signal,
        'json',
        json({
          [resources]: [
            {
              [scopes]: [
                {
                  [items]: [
                    { name: 'db.client.operation.duration', histogram: { dataPoints: [value] } },
                    { name: 'x', sum: { dataPoints: [value], isMonotonic: true } },
                  ],
                },
              ],
            },
          ],
        }),
      )
    }),
    { numRuns: 1500 },
  )
})

test('a protobuf body with any byte changed or cut is read or refused, never more', async () => {
  const whole = await writeProtobuf('Status', { code: 1, message: 'x'.repeat(50) })
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length), fc.nat(255), fc.nat(whole.length), async (at, byte, length) => {
      const broken = Uint8Array.from(whole)
      if (at < broken.length) broken[at] = byte
      for (const signal of SIGNALS) await isRead(signal, 'protobuf', broken.subarray(0, length))
    }),
    { numRuns: 500 },
  )
})

test.each<[what: string, signal: Signal, body: unknown, says: string]>([
  ['a list', 'metrics', [], 'the body is no object'],
  ['a text', 'traces', 'x', 'the body is no object'],
  ['no list of resources', 'logs', { resourceLogs: {} }, 'resourceLogs is no list'],
  [
    'a histogram of too few buckets',
    'metrics',
    histogram({ explicitBounds: [1, 2], bucketCounts: ['1'] }),
    'bucketCounts of metric m are not one more than explicitBounds',
  ],
  [
    'bounds that do not grow',
    'metrics',
    histogram({ explicitBounds: [2, 1], bucketCounts: ['1', '1', '1'] }),
    'explicitBounds of metric m do not grow',
  ],
  ['a count that is a word', 'metrics', histogram({ count: 'many' }), 'count of metric m is no number'],
  [
    'an absurd scale',
    'metrics',
    {
      resourceMetrics: [
        {
          scopeMetrics: [
            { metrics: [{ name: 'm', exponentialHistogram: { dataPoints: [{ scale: 900 }] } }] },
          ],
        },
      ],
    },
    'scale of metric m is not within -10 and 20',
  ],
])('%s is refused, and it says why', async (_what, signal, body, says) => {
  await expect(decodeOtlp(signal, 'json', json(body))).rejects.toThrow(says)
})

function histogram(dataPoint: object) {
  return {
    resourceMetrics: [
      { scopeMetrics: [{ metrics: [{ name: 'm', histogram: { dataPoints: [dataPoint] } }] }] },
    ],
  }
}

test.each(['', '{', '[[[[', 'null x', '{"resourceSpans": [1e999]}', `${'['.repeat(100_000)}`])(
  'the text %j is refused',
  async (text) => {
    expect(await isRead('traces', 'json', Buffer.from(text))).toBe(false)
  },
)

test('an empty body of protobuf and an empty object are nothing', async () => {
  for (const signal of SIGNALS) {
    expect(await decodeOtlp(signal, 'protobuf', new Uint8Array())).toEqual([])
    expect(await decodeOtlp(signal, 'json', json({}))).toEqual([])
  }
})
