import { expect, test } from 'vitest'
import { intervalOf, judge } from '../../../test/judge.ts'
import { statementRow, statementTextRow } from '../../../test/rows.ts'
import { inListFingerprints } from './in-list-fingerprints.ts'

const list = (length: number, table = 'parcel') =>
  `select * from ${table} where id in (${Array.from({ length }, (_, i) => `$${i + 1}`).join(', ')})`
const facts = (texts: readonly string[]) => ({
  statements: intervalOf(texts.map((_, at) => statementRow({ queryId: String(at + 1) }))),
  statementTexts: texts.map((text, at) => statementTextRow(text, String(at + 1))),
})
const lengths = (count: number, table?: string) =>
  Array.from({ length: count }, (_, at) => list(at + 1, table))

test.each([
  ['a list of one length', [list(50)]],
  ['a few lengths', lengths(10)],
  ['arrays', ['select * from parcel where id = any ($1)']],
  [
    'many statements that have nothing in common',
    Array.from({ length: 40 }, (_, at) => list(3, `t${'abcdefghij'[at % 10]}${'klmn'[Math.floor(at / 10)]}`)),
  ],
])('is quiet on %s', (_, texts) => {
  expect(judge(inListFingerprints, facts(texts))).toEqual([])
})

test('finds one statement in many entries, and says how many (A4)', () => {
  expect(judge(inListFingerprints, facts([...lengths(30), 'select 1']))).toMatchObject([
    {
      subject: { kind: 'database', name: 'app' },
      severity: 'info',
      evidence: expect.arrayContaining([
        { label: 'its entries', value: 30, unit: 'count' },
        { label: 'its longest list', value: 30, unit: 'count' },
      ]),
    },
  ])
  expect(judge(inListFingerprints, facts(lengths(600)))).toMatchObject([{ severity: 'warning' }])
})
