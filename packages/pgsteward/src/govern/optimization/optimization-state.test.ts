// An optimization record, entry by entry: what it is then, and what it refuses.

import { expect, test } from 'vitest'
import type { GovernanceRecord, RecordEntry } from '../../model/governance.ts'
import { optimizationOf, withEntry } from './optimization-state.ts'

const AT = new Date('2026-11-20T10:00:00Z')
const BODIES: Readonly<Record<string, Record<string, unknown>>> = {
  identified: {
    title: 'Index by_day is bloated',
    findingKey: 'bloated-index:index/shop/public/by_day',
    checkId: 'bloated-index',
    severity: 'warning',
    firstSeenAt: AT.toISOString(),
    evidence: [{ label: 'air', value: 0.4, unit: 'ratio' }],
  },
  analysed: { statements: [], source: 'none' },
  'cause-found': { text: 'Updates', page: 'docs/checks/bloated-index.md' },
  implemented: { sql: ['reindex index a'], undo: null, lock: 'none', caution: '', jobId: '7' },
  deployed: { at: AT.toISOString(), jobId: '7', decisionId: '3', decidedBy: 'ada', through: null },
  measured: {
    verdict: 'gone',
    because: null,
    windows: null,
    predictedRatio: null,
    measuredRatio: null,
    statements: [],
    evidenceBefore: [],
    evidenceAfter: [],
    value: { msPerDay: null, share: null, bytes: 4_000, source: 'sizes' },
  },
  documented: { text: '# done' },
  amended: { text: 'seen again in May' },
  abandoned: { because: 'rejected' },
  'taken-back': { because: 'a hint names it', jobId: '9' },
}

function record(...actions: readonly string[]): GovernanceRecord {
  const entries = actions.map(
    (action, seq): RecordEntry => ({
      seq,
      at: new Date(AT.getTime() + seq * 60_000),
      actor: 'ada',
      action,
      body: BODIES[action]!,
    }),
  )
  return { kind: 'optimization', number: 12, targetId: 'shop', origin: 'job:7', entries }
}

const ALL = ['identified', 'analysed', 'cause-found', 'implemented', 'deployed', 'measured', 'documented']

test('seven steps make it complete, each with who and when', () => {
  const is = optimizationOf(record(...ALL))
  expect(is).toMatchObject({
    name: 'OPT-12',
    state: 'completed',
    verdict: 'gone',
    value: { bytes: 4_000 },
    document: '# done',
  })
  expect(is.steps.map(({ step, at }) => [step, at])).toEqual([
    ['identify', '2026-11-20T10:00:00.000Z'],
    ['analyse', '2026-11-20T10:01:00.000Z'],
    ['root-cause', '2026-11-20T10:02:00.000Z'],
    ['implement', '2026-11-20T10:03:00.000Z'],
    ['deploy', '2026-11-20T10:04:00.000Z'],
    ['measure', '2026-11-20T10:05:00.000Z'],
    ['document', '2026-11-20T10:06:00.000Z'],
  ])
})

test('it is under way until it is deployed, then being measured', () => {
  expect(optimizationOf(record('identified')).state).toBe('under-way')
  expect(optimizationOf(record(...ALL.slice(0, 4))).state).toBe('under-way')
  expect(optimizationOf(record(...ALL.slice(0, 5))).state).toBe('measuring')
  expect(optimizationOf(record(...ALL.slice(0, 6))).state).toBe('measuring')
})

test('what is complete can be amended and taken back', () => {
  expect(optimizationOf(record(...ALL, 'amended')).amendments).toEqual([
    { at: '2026-11-20T10:07:00.000Z', actor: 'ada', text: 'seen again in May' },
  ])
  expect(optimizationOf(record(...ALL, 'taken-back'))).toMatchObject({
    state: 'taken-back',
    endedBecause: 'a hint names it',
    verdict: 'gone',
  })
})

test.each([
  ['measured before it is deployed', ['identified', 'measured'], /Nothing is deployed/],
  ['documented before it is measured', ['identified', 'deployed', 'documented'], /Nothing is measured/],
  ['abandoned after it is deployed', ['identified', 'deployed', 'abandoned'], /deployed/],
  ['taken back before it is deployed', ['identified', 'taken-back'], /Nothing was deployed/],
  ['measured again when it is complete', [...ALL, 'measured'], /completed/],
  ['deployed after it was abandoned', ['identified', 'abandoned', 'deployed'], /abandoned/],
  ['identified twice', ['identified', 'identified'], /no entry of an open/],
])('is not %s', (_, actions, why) => {
  expect(() => optimizationOf(record(...actions))).toThrow(
    expect.objectContaining({
      code: 'record-changed',
      detail: expect.stringMatching(why),
      hint: expect.any(String),
    }),
  )
})

test('an entry of another kind, or with a body that is none, is refused', () => {
  const is = optimizationOf(record('identified'))
  const entry = { at: AT, actor: 'ada', action: 'voted', body: {} }
  expect(() => withEntry(is, entry)).toThrow(/does not take "voted"/)
  expect(() => withEntry(is, { ...entry, action: 'implemented' })).toThrow(/cannot be read/)
})
