import { expect, test } from 'vitest'
import { intervalOf, judge } from '../../../test/judge.ts'
import { statementRow, statementTextRow } from '../../../test/rows.ts'
import { slowStatement } from './slow-statement.ts'

const texts = [statementTextRow('select * from parcel where place = $1')]
const calls = (calls: number, meanMs: number, over = {}) =>
  statementRow({ calls, totalExecMs: calls * meanMs, ...over })

const quiet = {
  'a fast statement': calls(1000, 5),
  'a slow one that was called a few times': calls(9, 5000),
  'one that was slow long ago, by its mean since the beginning': calls(1000, 5, {
    meanExecMs: 900,
    maxExecMs: 20_000,
  }),
  'a statement of another database': calls(100, 200, { database: 'other' }),
}

test.each(Object.entries(quiet))('is quiet on %s', (_, row) => {
  expect(judge(slowStatement, { statements: intervalOf([row]), statementTexts: texts })).toEqual([])
})

test('is quiet on maintenance, which is as slow as its table is large', () => {
  const statementTexts = [statementTextRow('REFRESH MATERIALIZED VIEW totals')]
  expect(judge(slowStatement, { statements: intervalOf([calls(20, 900)]), statementTexts })).toEqual([])
})

test('is quiet on roles that are named, unless others run the same', () => {
  const facts = { statements: intervalOf([calls(20, 900, { user: 'reports' })]), statementTexts: texts }
  expect(judge(slowStatement, facts, { options: { ignoreUsers: ['reports'] } })).toEqual([])
  const both = intervalOf([...facts.statements.rows, calls(20, 900, { user: 'web' })])
  expect(
    judge(slowStatement, { ...facts, statements: both }, { options: { ignoreUsers: ['reports'] } }),
  ).toHaveLength(1)
})

const finds = {
  'a mean over the limit': { row: calls(10, 101), severity: 'warning' },
  'a very slow one that runs now and then': { row: calls(10, 900), severity: 'warning' },
  'a very slow one that keeps a session busy': { row: calls(200, 600), severity: 'critical' },
  'a statement whose text is not known': { row: calls(10, 101, { queryId: '9' }), severity: 'warning' },
}

test.each(Object.entries(finds))('finds %s', (_, { row, severity }) => {
  expect(judge(slowStatement, { statements: intervalOf([row]), statementTexts: texts })).toMatchObject([
    { subject: { kind: 'query', database: 'app', queryId: row.queryId }, severity },
  ])
})

test('adds up what several users run, into one finding', () => {
  const rows = [calls(6, 150, { user: 'web' }), calls(6, 250, { user: 'jobs', userId: '11' })]
  expect(judge(slowStatement, { statements: intervalOf(rows), statementTexts: texts })).toMatchObject([
    {
      evidence: expect.arrayContaining([
        { label: 'mean time', value: 200, unit: 'ms' },
        { label: 'user', value: 'jobs, web', unit: 'text' },
        { label: 'calls', value: 0.2, unit: 'perSecond' },
      ]),
    },
  ])
})
