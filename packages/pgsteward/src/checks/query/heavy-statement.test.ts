import { expect, test } from 'vitest'
import { intervalOf, judge } from '../../../test/judge.ts'
import { statementRow } from '../../../test/rows.ts'
import { heavyStatement } from './heavy-statement.ts'

/** Busy milliseconds within a minute. */
const busy = (queryId: string, totalExecMs: number, over = {}) =>
  statementRow({ queryId, totalExecMs, ...over })

const quiet = {
  'time that is spread over many': ['1', '2', '3', '4', '5'].map((id) => busy(id, 12_000)),
  'the heaviest of a server that has nothing to do': [busy('1', 3_000), busy('2', 100)],
  'a heavy statement of another database': [busy('1', 60_000, { database: 'other' }), busy('2', 9_000)],
  'a statement inside a function, whose caller is counted': [
    busy('1', 10_000, { isTopLevel: false }),
    ...['2', '3', '4', '5'].map((id) => busy(id, 10_000)),
  ],
}

test.each(Object.entries(quiet))('is quiet on %s', (_, rows) => {
  expect(judge(heavyStatement, { statements: intervalOf(rows), statementTexts: [] })).toEqual([])
})

test('says nothing on some seconds', () => {
  const statements = intervalOf([busy('1', 9_000)], 10)
  expect(judge(heavyStatement, { statements, statementTexts: [] })).toHaveProperty('skip')
})

const finds = {
  'one that takes nearly all': [busy('1', 50_000), busy('2', 5_000)],
  'a fast one that is called all the time': [
    busy('1', 20_000, { calls: 100_000 }),
    busy('2', 20_000, { database: 'other' }),
  ],
}

test.each(Object.entries(finds))('finds %s', (_, rows) => {
  expect(judge(heavyStatement, { statements: intervalOf(rows), statementTexts: [] })).toMatchObject([
    { subject: { kind: 'query', queryId: '1' }, severity: 'info' },
  ])
})
