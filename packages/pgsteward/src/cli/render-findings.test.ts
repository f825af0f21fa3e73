import { expect, test } from 'vitest'
import type { ToldFindingWire } from '../model/wire.ts'
import { renderFindings } from './render-findings.ts'

const NOW = new Date('2026-03-10T03:12:00Z')
const ago = (ms: number) => new Date(NOW.getTime() - ms).toISOString()

const told = (over: Partial<ToldFindingWire> = {}): ToldFindingWire => ({
  targetId: 'shop',
  key: 'blocking-chain:backend/4711',
  checkId: 'blocking-chain',
  area: 'availability',
  severity: 'critical',
  state: 'open',
  subject: { kind: 'backend', name: '4711' },
  label: '4711',
  summary: 'Sessions wait for locks that one statement holds',
  evidence: [
    { label: 'sessions waiting', value: 8, unit: 'count' },
    { label: 'longest wait', value: 24_000, unit: 'ms' },
  ],
  firstSeenAt: ago(130_000),
  lastSeenAt: ago(5_000),
  openedAt: ago(130_000),
  resolvedAt: null,
  mutedUntil: null,
  muteReason: null,
  events: [],
  fix: 'End the blocker, or wait for it.',
  ...over,
})
const event = { findingKey: null, queryId: null }
const show = (findings: readonly ToldFindingWire[], isVerbose = false) =>
  renderFindings({ findings, now: NOW, timeZone: 'UTC', isVerbose }, { isColoured: false, width: 90 })

test('tells since when, by what it is known, what happened around then, and what to do', () => {
  const finding = told({
    events: [
      { ...event, at: ago(150_000), kind: 'deployment', subject: 'shop', detail: 'version 1.4.0 to 1.5.0' },
      {
        ...event,
        at: ago(128_000),
        kind: 'finding',
        subject: 'slow-route',
        detail: 'GET / is slow',
        findingKey: 'a',
      },
      {
        ...event,
        at: ago(127_000),
        kind: 'finding',
        subject: 'slow-route',
        detail: 'GET /a is slow',
        findingKey: 'b',
      },
    ],
    remedy: {
      sql: ['select pg_catalog.pg_cancel_backend(4711)'],
      undo: null,
      lock: 'none',
      caution: 'Releases the locks at once.',
    },
  })
  expect(show([finding])).toBe(`1 critical on shop  2026-03-10 03:12:00 UTC

critical Sessions wait for locks that one statement holds
         since 03:09:50, for 2 min 10 s
           sessions waiting  8
           longest wait      24 s
         around that time
           03:09:30  20 s before      deployment  shop: version 1.4.0 to 1.5.0
           other findings came with it: slow-route (2)
         what to do
           select pg_catalog.pg_cancel_backend(4711);
           Lock: none. Releases the locks at once.
         blocking-chain  blocking-chain:backend/4711
`)
})

test('without a remedy says in words what to do', () => {
  expect(show([told()])).toContain('         what to do\n           End the blocker, or wait for it.\n')
})

test('what broke out just now stands before what has been so for weeks, and the grave before the rest', () => {
  const out = show([
    told({ key: 'a', severity: 'warning', summary: 'old warning', firstSeenAt: ago(20 * 86_400_000) }),
    told({ key: 'b', severity: 'warning', summary: 'new warning' }),
    told({ key: 'c', summary: 'old critical', firstSeenAt: ago(20 * 86_400_000) }),
  ])
  expect(out).toMatch(/^1 critical, 2 warnings on shop/)
  expect([...out.matchAll(/(old|new) (warning|critical)$/gm)].map(([words]) => words)).toEqual([
    'old critical',
    'new warning',
    'old warning',
  ])
  expect(out).toContain('since 2026-02-18 03:12:00, for 20 d')
})

test('of one kind tells the latest two in full, all with --verbose', () => {
  const many = ['a', 'b', 'c', 'd'].map((key) => told({ key }))
  expect(show(many).match(/what to do/g)).toHaveLength(2)
  expect(show(many)).toContain('2 more of the same kinds in short; --verbose tells all of each.')
  expect(show(many, true).match(/what to do/g)).toHaveLength(4)
})

test('notes and what is over are short, and what is over says how long it was', () => {
  const out = show([
    told({ key: 'a', severity: 'info' }),
    told({ key: 'b', state: 'resolved', firstSeenAt: ago(600_000), resolvedAt: ago(540_000) }),
  ])
  expect(out).toMatch(/^1 note on shop, 1 over/)
  expect(out).toContain('[over]\n         from 03:02:00 to 03:03:00, 1 min')
  expect(out).not.toContain('what to do')
})

test('names the target of each where there are several, and no text of theirs moves the cursor', () => {
  const out = show([told(), told({ targetId: 'billing', key: 'b', summary: 'red \u001b[31malert' })])
  expect(out).toContain('one statement holds on shop')
  expect(out).toContain('red alert on billing')
})
