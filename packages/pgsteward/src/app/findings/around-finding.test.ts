import { expect, test } from 'vitest'
import { ago, NOW } from '../../../test/judge.ts'
import type { BlockingIncident } from '../../model/activity.ts'
import type { OpenFinding } from '../../model/open-finding.ts'
import type { PlanChange, TargetEvent } from '../../model/plan.ts'
import { aroundFinding } from './around-finding.ts'

const finding = (over: Partial<OpenFinding> = {}): OpenFinding => ({
  subject: { kind: 'server' },
  severity: 'warning',
  summary: 'It is slow',
  evidence: [],
  key: 'slow:server',
  checkId: 'slow',
  area: 'query',
  targetId: 'shop',
  state: 'open',
  firstSeenAt: NOW,
  lastSeenAt: NOW,
  openedAt: NOW,
  resolvedAt: null,
  mutedUntil: null,
  muteReason: null,
  quietSince: null,
  openings: [],
  ...over,
})

function knowing(known: {
  readonly events?: readonly TargetEvent[]
  readonly changes?: readonly Partial<PlanChange>[]
  readonly incidents?: readonly Partial<BlockingIncident>[]
  readonly findings?: readonly OpenFinding[]
}): Parameters<typeof aroundFinding>[0] {
  return {
    targetEvents: async (_target, { from, to }) =>
      (known.events ?? []).filter(({ at }) => at > from && at <= to),
    planChanges: async () => (known.changes ?? []) as readonly PlanChange[],
    blockingIncidents: async () => (known.incidents ?? []) as readonly BlockingIncident[],
    findings: async () => known.findings ?? [],
  }
}

test('tells in order of time what happened in the quarter of an hour before', async () => {
  const events: TargetEvent[] = [
    { at: ago(20_000), kind: 'deployment', subject: 'shop', detail: 'version 1.4.0 to 1.5.0' },
    { at: ago(3_600_000), kind: 'settings', subject: 'work_mem', detail: '4MB to 64MB' },
  ]
  const changes = [{ at: ago(60_000), queryId: '42', difference: 'Hash Join became Nested Loop' }]
  const incidents = [
    {
      startedAt: ago(30_000),
      peakWaiting: 3,
      longestWaitMs: 12_000,
      root: { application: 'migration', queryId: '7' } as BlockingIncident['root'],
    },
  ]
  expect(await aroundFinding(knowing({ events, changes, incidents }), finding())).toMatchObject([
    { kind: 'plan', queryId: '42', detail: 'Hash Join became Nested Loop' },
    { kind: 'blocking', subject: 'migration', detail: '3 sessions waited behind it, up to 12 s' },
    { kind: 'deployment', subject: 'shop', detail: 'version 1.4.0 to 1.5.0' },
  ])
})

test('names the findings that came with it, and neither itself, notes, nor those of other times and targets', async () => {
  const findings = [
    finding(),
    finding({ key: 'a', summary: 'with it', firstSeenAt: ago(10_000) }),
    finding({ key: 'b', severity: 'info' }),
    finding({ key: 'c', firstSeenAt: ago(600_000) }),
    finding({ key: 'd', targetId: 'other' }),
  ]
  expect(await aroundFinding(knowing({ findings }), finding())).toMatchObject([
    { kind: 'finding', subject: 'slow', detail: 'with it', findingKey: 'a' },
  ])
})

test('keeps to twelve, what happened before what was found', async () => {
  const events = Array.from({ length: 20 }, (_, index) => ({
    at: ago(index * 1000),
    kind: 'statistics' as const,
    subject: `t${index}`,
    detail: 'analyzed',
  }))
  const around = await aroundFinding(knowing({ events, findings: [finding({ key: 'a' })] }), finding())
  expect(around).toHaveLength(12)
  expect(around.at(-1)?.subject).toBe('t0')
  expect(around.some((each) => each.kind === 'finding')).toBe(false)
})

test('of what goes on all the time tells what was nearest', async () => {
  const events = [400_000, 300_000, 5_000].map((ms) => ({
    at: ago(ms),
    kind: 'statistics' as const,
    subject: 'orders',
    detail: `analyzed ${ms}`,
  }))
  expect(await aroundFinding(knowing({ events }), finding())).toMatchObject([{ detail: 'analyzed 5000' }])
})
