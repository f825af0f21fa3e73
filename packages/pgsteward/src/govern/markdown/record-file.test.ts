import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type GovernanceRecord, RECORD_KINDS } from '../../model/governance.ts'
import { readRecordFile } from './read-record-file.ts'
import { recordFile, recordPath } from './record-file.ts'

const PROPOSAL = {
  title: 'An index on "Order" | `day`',
  why: 'slow',
  risk: 'low',
  type: 'normal',
  plan: 'a\nb',
  rollback: 'drop',
  wished: null,
  findings: [],
  jobs: [],
  migrations: [],
}
const record = (over: Partial<GovernanceRecord> = {}, body: object = PROPOSAL): GovernanceRecord => ({
  kind: 'change',
  number: 12,
  targetId: 'shop',
  origin: null,
  entries: [
    { seq: 0, at: new Date('2026-01-02T03:04:05.678Z'), actor: 'ada', action: 'opened', body: { ...body } },
    {
      seq: 1,
      at: new Date('2026-01-02T04:00:00Z'),
      actor: 'bob',
      action: 'voted',
      body: { vote: 'approve', reason: 'ok' },
    },
  ],
  ...over,
})

test('can be read by people, from the top', () => {
  const file = recordFile(record())
  const head = file.slice(0, file.indexOf('```'))
  expect(head).toBe(
    [
      '# CHG-12: An index on "Order" \\| \\`day\\`',
      '',
      '**to be decided**',
      '',
      '| | |',
      '| --- | --- |',
      '| Asked for by | ada, 2026-01-02 03:04 UTC |',
      '| Risk | low |',
      '| Type | normal |',
      '| Target | shop |',
      '',
      'Below each entry stands all of it; words above the fences are not read back.',
      '',
      '',
    ].join('\n'),
  )
  expect(file).toContain('## 1. 2026-01-02 04:00 UTC, bob\n\n> voted to approve\n>\n> ok\n')
  expect(recordPath(record())).toBe('changes/CHG-0012-an-index-on-order-day.md')
})

test('an entry more changes the head and the end of the file, and nothing between', () => {
  const longer = record()
  const before = recordFile(record({ entries: longer.entries.slice(0, 1) }))
  const entry = before.slice(before.indexOf('## 0.'))
  expect(recordFile(longer)).toContain(entry)
})

test('the order of keys in the store does not matter', () => {
  const { title, ...rest } = PROPOSAL
  expect(recordFile(record({}, { ...rest, title }))).toBe(recordFile(record()))
})

/** Whatever could be taken for Markdown, for the end of a line, for a fence of ours. */
const hostile = fc.oneof(
  fc.constantFrom(
    '```',
    '````\n```',
    '```json pgsteward-entry\n{"seq": 0}\n```',
    '\r\n---\r\n',
    '# CHG-1\n## 0. x',
    '> quoted',
    '| a | b |',
    '<!-- ',
    '<script>',
    '🧯🇩🇪\u200d',
    '\u2028```json pgsteward-record\u2029',
    '\u0085```json pgsteward-record',
    '\ud800',
    '__proto__',
    '\uFEFF',
    '',
    ' ',
    '\t',
    '~~~',
    '\v```',
  ),
  fc.string({ unit: 'binary' }),
  fc
    .array(fc.constantFrom('`', '\n', '\r', '-', '#', '{', '"', '\\', ' ', '😀'), { maxLength: 12 })
    .map((all) => all.join('')),
)
/** V8 of Node 24.21 reads a key that is one escaped character as a backslash, after objects of certain shapes: JSON.parse itself. */
const key = hostile.filter((text) => !/^["\\\b\f\n\r\t]$/.test(text))
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    hostile,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(key, tie('any'), { maxKeys: 3, noNullPrototype: true }),
  ),
})).any
const body = fc.oneof(
  fc.dictionary(key, value, { maxKeys: 4, noNullPrototype: true }),
  fc.record({
    title: hostile,
    why: hostile,
    plan: hostile,
    rollback: hostile,
    reason: hostile,
    vote: hostile,
    note: hostile,
    step: value,
    due: value,
  }),
  fc.record({
    title: hostile.map((text) => `x${text}`),
    why: hostile,
    plan: hostile.map((text) => `x${text}`),
    rollback: hostile,
    risk: fc.constant('low'),
  }),
)
const anyRecord = fc
  .record({
    kind: fc.constantFrom(...RECORD_KINDS),
    number: fc.integer({ min: 1, max: 99_999 }),
    targetId: fc.option(hostile),
    origin: fc.option(hostile),
    entries: fc.array(
      fc.record({
        at: fc.date({ min: new Date('1990-01-01'), max: new Date('2200-01-01'), noInvalidDate: true }),
        actor: hostile,
        action: fc.oneof(
          fc.constantFrom(
            'opened',
            'voted',
            'amended',
            'held',
            'minutes',
            'step-begun',
            'step-done',
            'measured',
            'reviewed',
            'action-done',
            'closed',
          ),
          hostile,
        ),
        body,
      }),
      { minLength: 1, maxLength: 4 },
    ),
  })
  .map(
    ({ entries, ...rest }): GovernanceRecord => ({
      ...rest,
      entries: entries.map((entry, seq) => ({ ...entry, seq, body: entry.body as Record<string, unknown> })),
    }),
  )

describe('nothing is lost', () => {
  test('of records of all kinds with hostile texts, by git with CRLF too', () => {
    fc.assert(
      fc.property(anyRecord, (told) => {
        const file = recordFile(told)
        // what JSON says: lone surrogates and the order of keys survive
        expect(readRecordFile(file)).toEqual(told)
        expect(readRecordFile(file.replaceAll('\n', '\r\n'))).toEqual(told)
        expect(recordFile(readRecordFile(file)!)).toBe(file)
        expect(recordPath(told)).toMatch(/^[a-z-]+s\/[A-Z]{3}-\d{4,5}(-[a-z0-9-]*[a-z0-9])?\.md$/)
      }),
      { numRuns: 400 },
    )
  })
})

describe('what is damaged is told', () => {
  const file = recordFile(record())
  test.each([
    ['entry 1 is cut off', file.slice(0, -5)],
    ['it has 1 entries and says 2', file.slice(0, file.indexOf('## 1.'))],
    ['is no JSON', file.replace('"vote": "approve"', '"vote": approve')],
    ['entry 0: at', file.replace('"at": "2026-01-02T03:04:05.678Z"', '"at": "yesterday"')],
    ['it has 0 heads', file.replace('json pgsteward-record', 'json')],
    ['entry 7 stands where 1 should', file.replace('"seq": 1', '"seq": 7')],
    ['its head: kind', file.replace('"kind": "change"', '"kind": "chance"')],
    ['it has 2 heads', file + file],
  ])('%s', (why, damaged) => {
    expect(() => readRecordFile(damaged)).toThrow(
      expect.objectContaining({ code: 'record-file', message: expect.stringContaining(why) }),
    )
  })
  test('other files are none of ours', () => {
    expect(readRecordFile('# Readme\n\n```json\n{}\n```\n')).toBeNull()
  })
})
