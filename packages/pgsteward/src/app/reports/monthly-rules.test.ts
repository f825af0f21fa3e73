import { describe, expect, test } from 'vitest'
import type { CapacityLimitWire } from '../../model/capacity.ts'
import type { OpenFinding } from '../../model/open-finding.ts'
import { decisionOn } from './baseline-decision.ts'
import { capacityDecision } from './capacity-decision.ts'
import type { WeighedFinding } from './finding-cost.ts'
import { effortOf, roadmap } from './roadmap.ts'

const now = new Date('2026-11-01T00:00:00Z')
const inDays = (days: number) => new Date(now.getTime() + days * 86_400_000).toISOString()
const limit = (over: Partial<CapacityLimitWire>): CapacityLimitWire =>
  ({
    id: 'disk',
    label: 'The disk',
    usedRatio: 0.5,
    expectedAt: null,
    earliestAt: null,
    searchedUntil: inDays(365),
    ...over,
  }) as CapacityLimitWire

describe('capacity', () => {
  test.each<[string, readonly CapacityLimitWire[], string]>([
    ['no history', [limit({ searchedUntil: null })], 'unknown'],
    ['nothing in sight', [limit({})], 'keep'],
    ['expected within a quarter', [limit({ expectedAt: inDays(80) })], 'act'],
    ['reached already', [limit({ usedRatio: 1, searchedUntil: null })], 'act'],
    ['expected within half a year', [limit({ expectedAt: inDays(170) })], 'plan'],
    ['possible within a quarter', [limit({ expectedAt: inDays(300), earliestAt: inDays(80) })], 'plan'],
    ['expected within a year', [limit({ expectedAt: inDays(300), earliestAt: inDays(200) })], 'keep'],
  ])('%s', (_, limits, decision) => {
    expect(capacityDecision(limits, now).decision).toBe(decision)
  })

  test('names the limit and the day', () => {
    expect(capacityDecision([limit({}), limit({ expectedAt: inDays(80) })], now)).toMatchObject({
      because: 'The disk is expected to be reached on 2027-01-20: less than a quarter is left.',
      limits: [{ expectedAt: inDays(80) }],
    })
  })
})

test.each([
  ['no run', null, 'keep'],
  ['over 10 % faster', { verdict: 'pass', isNewBaselineDue: true, summary: 'a' }, 'promote'],
  ['as fast', { verdict: 'pass', isNewBaselineDue: false, summary: 'a' }, 'keep'],
  ['slower', { verdict: 'fail', isNewBaselineDue: false, summary: 'a' }, 'investigate'],
  ['nothing proven', { verdict: 'inconclusive', isNewBaselineDue: false, summary: 'a' }, 'keep'],
] as const)('a baseline with %s', (_, comparison, decision) => {
  expect(decisionOn(comparison).decision).toBe(decision)
})

const found = (over: Partial<OpenFinding>): OpenFinding =>
  ({ key: 'k', area: 'query', subject: { kind: 'server' }, evidence: [], ...over }) as OpenFinding
const remedy = (lock: NonNullable<OpenFinding['remedy']>['lock']) => ({
  remedy: { sql: ['analyze a'], undo: null, lock, caution: '' },
})

test.each<[string, OpenFinding, number]>([
  ['a statement beside the work', found(remedy('share update exclusive')), 1],
  ['one that stops writes', found(remedy('share')), 2],
  ['one that stops everybody', found(remedy('access exclusive')), 3],
  ['a proven rewrite', found({ evidence: [{ label: 'Rewrite', value: 'select 1' }] }), 3],
  ['code', found({}), 5],
  ['a route', found({ area: 'availability', subject: { kind: 'route', application: 'a', name: 'b' } }), 5],
  ['a larger machine', found({ area: 'capacity' }), 8],
  ['partitions', found({ area: 'partition', ...remedy('none') }), 8],
])('%s', (_, finding, points) => {
  expect(effortOf(finding).points).toBe(points)
})

test('the roadmap ranks worth by effort, and leaves out what has no figure', () => {
  const weighed = (key: string, share: number | null, over: Partial<OpenFinding> = {}): WeighedFinding => ({
    life: { finding: found({ key, ...over }) } as WeighedFinding['life'],
    share,
    daysLeft: null,
  })
  const ranked = roadmap([
    weighed('rewrite it all', 0.4),
    weighed('an index', 0.2, remedy('share update exclusive')),
    weighed('unknown', null, remedy('none')),
  ])
  expect(ranked.map(({ life, worth }) => [life.finding.key, worth])).toEqual([
    ['an index', 0.2],
    ['rewrite it all', 0.08],
  ])
})
