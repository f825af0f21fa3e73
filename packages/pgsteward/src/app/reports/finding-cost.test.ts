import { expect, test } from 'vitest'
import type { OpenFinding } from '../../model/open-finding.ts'
import { evidenceLinks } from './evidence-links.ts'
import { actionItem, byCost, costOf, sharesOf } from './finding-cost.ts'
import type { FindingLife } from './finding-lives.ts'

const DAY = 86_400_000
const found = (over: Partial<OpenFinding>): OpenFinding =>
  ({
    key: 'k',
    checkId: 'a-check',
    summary: 'Amiss',
    subject: { kind: 'server' },
    evidence: [],
    ...over,
  }) as OpenFinding
const query = (queryId: string) =>
  found({ key: queryId, subject: { kind: 'query', database: 'shop', queryId } })
const life = (finding: OpenFinding, over: Partial<FindingLife> = {}): FindingLife => ({
  finding,
  openedAt: [],
  resolvedAt: [],
  worsenedAt: [],
  standing: 'open',
  severity: 'warning',
  since: new Date(0),
  ...over,
})
const shares = new Map([
  ['1', 0.4],
  ['2', 0.1],
])

test('shares are of all time, and those of several users are added', () => {
  const row = (queryId: string, totalExecMs: number) => ({ queryId, totalExecMs }) as never
  expect([...sharesOf([row('1', 30), row('1', 10), row('2', 5)], 200)]).toEqual([
    ['1', 0.2],
    ['2', 0.025],
  ])
  expect(sharesOf([row('1', 0)], 0).size).toBe(0)
})

test.each<[string, OpenFinding, object]>([
  ['a statement by what it took', query('1'), { share: 0.4, daysLeft: null }],
  [
    'several that evidence names',
    found({ evidence: [{ label: 'query id', value: '1, 2' }] }),
    { share: 0.5, daysLeft: null },
  ],
  ['a statement of which nothing is known', query('9'), { share: null, daysLeft: null }],
  [
    'what the check found',
    found({ evidence: [{ label: 'gain of the cost of all statements', value: 0.3, unit: 'ratio' }] }),
    { share: 0.3, daysLeft: null },
  ],
  [
    'the time that is left',
    found({ evidence: [{ label: 'the server refuses writes in', value: 12 * DAY, unit: 'ms' }] }),
    { share: null, daysLeft: 12 },
  ],
])('%s', (_, finding, cost) => {
  expect(costOf(finding, shares)).toEqual(cost)
})

test('critical first, then what runs out, then the largest share; muted and resolved ones are no actions', () => {
  const runsOut = found({
    key: 'runs-out',
    evidence: [{ label: 'the server refuses writes in', value: 9 * DAY }],
  })
  const order = byCost(
    [
      life(query('2')),
      life(query('1')),
      life(runsOut, { severity: 'info' }),
      life(found({ key: 'critical' }), { severity: 'critical' }),
      life(found({ key: 'note' }), { severity: 'info' }),
      life(found({ key: 'muted' }), { standing: 'muted' }),
      life(found({ key: 'over' }), { standing: 'no' }),
    ],
    shares,
  )
  expect(order.map((each) => each.life.finding.key)).toEqual(['critical', 'runs-out', '1', '2', 'note'])
})

test('an action says its cost and its remedy', () => {
  const remedy = {
    sql: ['create index concurrently\n  a on b (c)', 'analyze b'],
    undo: null,
    lock: 'none',
    caution: '',
  } as const
  const links = evidenceLinks('shop', { from: new Date(0), to: new Date(DAY) })
  expect(actionItem({ life: life({ ...query('1'), remedy }), share: 0.4, daysLeft: null }, links)).toEqual({
    text: 'Amiss.',
    severity: 'warning',
    detail: '40 % of database time. Remedy: `create index concurrently a on b (c)` and 1 more.',
    link: '/findings/1?target=shop&from=0&to=86400',
  })
})
