import { describe, expect, it } from 'vitest'
import {
  adviceHeadline,
  gainShare,
  indexTitle,
  isQueryId,
  plannerWords,
  ratioWords,
  savedShare,
  scanWords,
  sentence,
} from './advice-words.ts'

const cost = { beforePerMinute: 1000, afterPerMinute: 30, writePerMinute: 2, walBytesPerMinute: 4096 }
const index = {} as Parameters<typeof adviceHeadline>[0]['indexes'][number]
const report: Parameters<typeof adviceHeadline>[0] = {
  cost,
  indexes: [index, index],
  redundant: [],
  statements: [],
  sizeBytes: 27 * 1024 ** 2,
  budgetBytes: 97 * 1024 ** 2,
}
const plain = (text: string) => text.replaceAll('\u00a0', ' ')

describe('adviceHeadline', () => {
  it('says what the set would save, its size and what writes pay', () => {
    expect(plain(adviceHeadline(report))).toBe(
      '2 new indexes would take away 97 % of what the workload costs, in 27 MB of the 97 MB allowed; writes pay 0.2 % for that.',
    )
  })

  it('does not say that writes pay where nothing is written', () => {
    const idle = { ...report, indexes: [index], cost: { ...cost, writePerMinute: 0 } }
    expect(plain(adviceHeadline(idle))).toMatch(/^1 new index would .*; writes pay nothing for that\.$/)
  })

  it('takes no advice for good news, and says what is superfluous', () => {
    const none = { ...report, indexes: [], statements: Array(3) }
    expect(plain(adviceHeadline(none))).toBe(
      'No further index is worth what it costs: 3 statements were weighed.',
    )
    expect(plain(adviceHeadline({ ...none, redundant: Array(1) }))).toMatch(
      / 1 existing one is not needed\.$/,
    )
  })
})

describe('shares', () => {
  it('are of what the workload costs today', () => {
    expect(savedShare({ cost })).toBeCloseTo(0.97)
    expect(gainShare({ gainPerMinute: 500 }, { cost })).toBe(0.5)
  })

  it('are nothing where the workload costs nothing', () => {
    const free = { cost: { ...cost, beforePerMinute: 0, afterPerMinute: 0 } }
    expect(savedShare(free)).toBe(0)
    expect(gainShare({ gainPerMinute: 500 }, free)).toBe(0)
  })
})

describe('plannerWords', () => {
  const agreement = { statements: 98, sameShape: 97, sameCost: 90, couldNotPlan: 0 }

  it.each([
    [
      { kind: 'native', versionNum: 150_018, agreement },
      'Planned by a twin of the target on PostgreSQL 15, as the target does in 97 of 98 statements.',
    ],
    [
      { kind: 'pglite', versionNum: 180_006, agreement: { ...agreement, couldNotPlan: 2 } },
      'Planned by a twin of the target on PostgreSQL 18 (PGlite), as the target does in 97 of 98 statements; 2 statements could not be compared.',
    ],
    [
      { kind: 'hypopg', versionNum: 160_000, agreement: null },
      'Planned on the target itself, with HypoPG; how well that agrees with the target was not measured.',
    ],
  ] as const)('of %j', (planner, words) => {
    expect(plain(plannerWords(planner))).toBe(words)
  })
})

it.each([
  [0.0199, '50 × less'],
  [0.4, '2.5 × less'],
  [0.7, '30 % less'],
  [0.99, 'the same'],
  [1.3, '30 % more'],
  [4, '4 × more'],
  [0, 'next to nothing'],
])('a ratio of %d is %s', (ratio, words) => {
  expect(plain(ratioWords(ratio))).toBe(words)
})

it('names a scan once where it stays the same', () => {
  expect(scanWords({ scanBefore: 'Index Scan', scanAfter: 'Index Scan' })).toBe('Index Scan')
  expect(scanWords({ scanBefore: 'Seq Scan', scanAfter: 'Index Scan' })).toBe('Seq Scan becomes Index Scan')
  expect(scanWords({ scanBefore: null, scanAfter: 'Index Scan' })).toBe('Index Scan')
})

it('calls an index by table and columns, with the schema where it is not public', () => {
  expect(indexTitle({ schema: 'public', table: 'members', definition: '(name)' })).toBe('members (name)')
  expect(indexTitle({ schema: 'audit', table: 'log', definition: '(at)' })).toBe('audit.log (at)')
})

it('knows a query id from the name of a foreign key or of a workload file', () => {
  expect(['-5561034', '8123456789012', 'foreign key a_b_fkey', 'q05', '12'].map(isQueryId)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ])
})

it('makes a sentence of what the server says in passing', () => {
  expect(sentence('no statements have been read yet')).toBe('No statements have been read yet.')
  expect(sentence('Wait for it.')).toBe('Wait for it.')
})
