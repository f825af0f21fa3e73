import { expect, test } from 'vitest'
import { intervalOf, judge } from '../../../test/judge.ts'
import { statementRow, statementTextRow } from '../../../test/rows.ts'
import { offsetPaging } from './offset-paging.ts'

const PAGED = 'select * from audit_log where church_id = $1 order by created_at limit $2 offset $3'
const facts = (text: string, calls: number, blocksPerCall: number, rowsPerCall: number) => ({
  statements: intervalOf([
    statementRow({
      calls,
      rows: calls * rowsPerCall,
      sharedBlocksHit: calls * blocksPerCall,
      sharedBlocksRead: 0,
    }),
  ]),
  statementTexts: [statementTextRow(text)],
  rewrites: [],
})

const quiet = {
  'first pages, which are cheap': facts(PAGED, 1000, 60, 50),
  'pages so large that their rows take as much': facts(PAGED, 1000, 1500, 1000),
  'a few calls': facts(PAGED, 5, 9000, 50),
  'a constant offset, which keeps the planner from merging a subquery': facts(
    'select * from (select * from a offset 0) x',
    100,
    9000,
    50,
  ),
  'a list of Prisma, which always has one': facts(
    'SELECT "public"."member"."id" FROM "public"."member" WHERE "public"."member"."church_id" = $1 ORDER BY "public"."member"."id" ASC LIMIT $2 OFFSET $3',
    100,
    9000,
    50,
  ),
  'a costly statement without': facts('select * from a where offset_id = $1', 100, 9000, 50),
}

test.each(Object.entries(quiet))('is quiet on %s', (_, given) => {
  expect(judge(offsetPaging, given)).toEqual([])
})

const finds = {
  'pages far behind': PAGED,
  'the standard’s form': 'SELECT id FROM a ORDER BY id OFFSET $1 ROWS FETCH NEXT $2 ROWS ONLY',
}

test.each(Object.entries(finds))('finds %s', (_, text) => {
  expect(judge(offsetPaging, facts(text, 10, 5000, 50))).toMatchObject([
    { subject: { kind: 'query', queryId: '1' }, severity: 'info' },
  ])
})

test('shows the page by key where the twin has proven it', () => {
  const keyset = {
    id: '1',
    kind: 'keyset',
    before: PAGED,
    sql: 'select * from audit_log where created_at > $3 order by created_at limit $2',
    why: 'an index goes straight to the page',
    sameResult: 'if $3 is the last key of the page before',
    callsPerMinute: 10,
    costBefore: 5000,
    costAfter: 8,
  }
  expect(judge(offsetPaging, { ...facts(PAGED, 10, 5000, 50), rewrites: [keyset] })).toMatchObject([
    { evidence: expect.arrayContaining([{ label: 'Rewrite', value: keyset.sql, unit: 'text' }]) },
  ])
})
