import { expect, test } from 'vitest'
import { intervalOf, judge } from '../../../test/judge.ts'
import { indexRow, statementRow, statementTextRow, tableColumnsRow } from '../../../test/rows.ts'
import { functionOnIndexedColumn } from './function-on-indexed-column.ts'

const TABLE = tableColumnsRow({
  columns: {
    id: 'bigint',
    email: 'text',
    sent_at: 'timestamp with time zone',
    weight: 'integer',
    depot: 'text',
  },
})
const PAGES = TABLE.heapBytes / 8192
const facts = (condition: string, over: { blocksPerCall?: number; calls?: number; keys?: string[] } = {}) => {
  const calls = over.calls ?? 100
  const column = ['email', 'sent_at', 'weight', 'id'].find((name) => condition.includes(name)) ?? 'depot'
  return {
    statements: intervalOf([
      statementRow({
        calls,
        totalExecMs: calls * 50,
        sharedBlocksHit: calls * (over.blocksPerCall ?? PAGES),
      }),
    ]),
    statementTexts: [statementTextRow(`select id from parcel where ${condition}`)],
    tableColumns: [TABLE],
    indexes: [
      indexRow({ name: 'plain', keyColumns: [column] }),
      ...(over.keys === undefined ? [] : [indexRow({ name: 'by_expression', keyColumns: over.keys })]),
    ],
    rewrites: [],
  }
}

const quiet = {
  'a bare column': facts('email = lower($1)'),
  'one that another index serves, so that few pages are visited': facts('lower(email) = $1', {
    blocksPerCall: 20,
  }),
  'an expression that has an index': facts('lower(email) = $1', { keys: ['lower(email)'] }),
  'a cast that has an index': facts('sent_at::date = $1', { keys: ['((sent_at)::date)'] }),
  'a column without an index': { ...facts('lower(email) = $1'), indexes: [] },
  'a column that is only second in its index': {
    ...facts('lower(email) = $1'),
    indexes: [indexRow({ keyColumns: ['depot', 'email'] })],
  },
  'an invalid index': {
    ...facts('lower(email) = $1'),
    indexes: [indexRow({ keyColumns: ['email'], isValid: false })],
  },
  'a table too small to be known': { ...facts('lower(email) = $1'), tableColumns: [] },
  'a cast between text and varchar, which Prisma writes': facts('email::varchar = $1'),
  'a search by LIKE, which the bare column’s index would mostly not serve either':
    facts('lower(email) like $1'),
  'what somebody tried': facts('lower(email) = $1', { calls: 2 }),
}

test.each(Object.entries(quiet))('is quiet on %s', (_, given) => {
  expect(judge(functionOnIndexedColumn, given)).toEqual([])
})

test.each([
  ['lower(email) = $1', 'lower(email)', undefined],
  ['date(sent_at) = $1', 'date(sent_at)', 'sent_at >= day::date and sent_at < day::date + 1'],
  ['sent_at::date = $1', 'sent_at::date', 'sent_at >= day::date and sent_at < day::date + 1'],
  ['id::text = $1', 'id::text', 'id = value::bigint'],
  ['weight + $1 > $2', 'weight + …', 'weight > value - …: compute on the other side'],
])('finds %s (A4)', (condition, sketch, way) => {
  const findings = judge(functionOnIndexedColumn, facts(condition))
  expect(findings).toMatchObject([
    {
      subject: { kind: 'query', queryId: '1' },
      severity: 'warning',
      summary: expect.stringContaining(sketch),
    },
  ])
  const [finding] = findings as Extract<typeof findings, readonly unknown[]>
  expect(finding!.evidence.find(({ label }) => label === 'write it as')?.value).toBe(way)
})

test('a proven rewrite is shown in place of the general words', () => {
  const findings = judge(functionOnIndexedColumn, {
    ...facts('date(sent_at) = $1'),
    rewrites: [
      {
        id: '1',
        kind: 'bare-column-day',
        before: '',
        sql: 'select id from parcel where sent_at >= $1::date and sent_at < $1::date + 1',
        why: 'an index on sent_at serves it',
        sameResult: 'always',
        callsPerMinute: 100,
        costBefore: 1000,
        costAfter: 10,
      },
    ],
  })
  expect(findings).toMatchObject([
    {
      evidence: expect.arrayContaining([
        expect.objectContaining({ label: 'Rewrite', value: expect.stringContaining('sent_at >= $1::date') }),
      ]),
    },
  ])
})
