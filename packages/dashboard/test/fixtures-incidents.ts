// Made-up incidents, optimization records and figures of the practice as the API would tell of them.

import {
  type IncidentWire,
  incidentWire,
  type OptimizationWire,
  optimizationWire,
  type PracticePeriodWire,
  practiceWire,
} from '../../pgsteward/src/model/wire.ts'
import { ago, HOSTILE } from './fixtures.ts'

const MINUTE = 60_000
const KEY = 'error-rate:application/messaging'

export function incident(over: Partial<IncidentWire> = {}): IncidentWire {
  return incidentWire.parse({
    name: 'INC-7',
    number: 7,
    targetId: 'messaging',
    origin: 'alert:x',
    state: 'open',
    title: `Requests of messaging fail, most of GET /${HOSTILE}`,
    severity: 'critical',
    openedAt: ago(30 * MINUTE),
    updatedAt: ago(2 * MINUTE),
    commander: 'kim',
    alerts: [
      {
        findingKey: KEY,
        checkId: 'error-rate',
        openedAt: ago(30 * MINUTE),
        severity: 'critical',
        summary: 'Requests of messaging fail',
        state: 'acknowledged',
      },
      {
        findingKey: 'low-cache-hit:database/messaging',
        checkId: 'low-cache-hit',
        openedAt: ago(28 * MINUTE),
        severity: 'warning',
        summary: 'Most pages come from disk',
        state: 'resolved',
      },
    ],
    times: {
      startedAt: ago(32 * MINUTE),
      detectedAt: ago(30 * MINUTE),
      acknowledgedAt: ago(26 * MINUTE),
      mitigatedAt: null,
      recoveredAt: null,
      toDetectMs: 2 * MINUTE,
      toAcknowledgeMs: 4 * MINUTE,
      toMitigateMs: null,
      toRecoverMs: null,
    },
    openItems: null,
    roles: [{ role: 'commander', name: 'kim', at: ago(25 * MINUTE) }],
    status: 'one in five fails; next word at 10:30',
    cause: null,
    timeline: [
      {
        seq: 3,
        at: ago(40 * MINUTE),
        actor: 'pgsteward',
        kind: 'happened',
        action: 'happened',
        text: 'deployment, web: version 1.4 to 1.5',
        findingKey: null,
      },
      {
        seq: 0,
        at: ago(30 * MINUTE),
        actor: 'pgsteward',
        kind: 'person',
        action: 'opened',
        text: 'Incident opened: Requests of messaging fail',
        findingKey: null,
      },
      {
        seq: 1,
        at: ago(30 * MINUTE),
        actor: 'pgsteward',
        kind: 'alert',
        action: 'alert',
        text: 'Alert, critical: Requests of messaging fail',
        findingKey: KEY,
      },
      {
        seq: 2,
        at: ago(26 * MINUTE),
        actor: 'kim',
        kind: 'alert',
        action: 'alert',
        text: 'Acknowledged by kim: Requests of messaging fail',
        findingKey: KEY,
      },
      {
        seq: 4,
        at: ago(20 * MINUTE),
        actor: 'kim',
        kind: 'person',
        action: 'noted',
        text: `pool raised to 40 ${HOSTILE}`,
        findingKey: null,
      },
    ],
    review: null,
    ...over,
  } satisfies Record<keyof IncidentWire, unknown>)
}

const OVER = {
  ...incident().times,
  startedAt: ago(3000 * MINUTE),
  mitigatedAt: ago(2990 * MINUTE),
  recoveredAt: ago(2960 * MINUTE),
  toMitigateMs: 10 * MINUTE,
  toRecoverMs: 40 * MINUTE,
}

export const reviewed = incident({
  name: 'INC-5',
  number: 5,
  state: 'reviewed',
  title: 'Nobody can pay',
  times: OVER,
  openItems: 1,
  cause: 'no plan check in CI',
  review: {
    happened: 'Release 1.5 dropped an index.',
    impact: 'Paying took 8 s for 40 min.',
    rootCause: 'no plan check in CI',
    wentWell: ['paged within a minute'],
    wentBadly: ['two people restarted the same process'],
    actionItems: [
      { text: 'add plan-check to CI', owner: 'ada', due: '2026-12-01', doneAt: null, doneBy: null },
      { text: 'a drill', owner: 'kim', due: '2026-12-09', doneAt: ago(100 * MINUTE), doneBy: 'kim' },
    ],
  },
})

export const incidents = {
  incidents: [
    incident(),
    incident({
      name: 'INC-6',
      number: 6,
      state: 'resolved',
      title: 'The replica is behind',
      times: OVER,
      commander: null,
    }),
    reviewed,
  ],
}

const STEPS = ['identify', 'analyse', 'root-cause', 'implement', 'deploy', 'measure', 'document'] as const

export function optimization(over: Partial<OptimizationWire> = {}): OptimizationWire {
  const value = {
    msPerDay: 777_600,
    share: 0.031,
    bytes: -2_097_152,
    source: 'pg_stat_statements: the calls of before, at their mean time before and after',
  }
  return optimizationWire.parse({
    name: 'OPT-3',
    number: 3,
    targetId: 'messaging',
    origin: 'job:12',
    state: 'completed',
    title: `Statements read all of message ${HOSTILE}`,
    findingKey: 'missing-index:index/messaging/public/message (day)',
    openedAt: ago(2000 * MINUTE),
    updatedAt: ago(500 * MINUTE),
    steps: STEPS.map((step, place) => ({
      step,
      at: ago((2000 - place * 200) * MINUTE),
      actor: place === 0 ? 'kim' : 'pgsteward',
    })),
    verdict: 'improved',
    value,
    identify: {
      title: 'x',
      findingKey: null,
      checkId: 'missing-index',
      severity: 'warning',
      firstSeenAt: ago(3000 * MINUTE),
      evidence: [{ label: 'gain of the cost of all statements', value: 0.31, unit: 'ratio' }],
    },
    analyse: {
      statements: [
        {
          queryId: '42',
          text: 'select id from message where day = $1',
          callsPerMinute: 10,
          meanMs: 60,
          costBefore: 1000,
          costAfter: 50,
          plan: ['Limit', 'Seq Scan on message'],
        },
      ],
      source: 'advice 3, costs by the planner with and without the index',
    },
    rootCause: {
      text: 'Statements read all of message. An index on day is missing.',
      page: 'docs/checks/missing-index.md',
    },
    implement: {
      sql: ['create index concurrently by_day on public.message (day)'],
      undo: ['drop index concurrently by_day'],
      lock: 'share update exclusive',
      caution: '',
      jobId: '12',
    },
    deploy: { at: ago(1200 * MINUTE), jobId: '12', decisionId: '4', decidedBy: 'kim', through: null },
    measure: {
      verdict: 'improved',
      because: null,
      windows: {
        before: { from: ago(2600 * MINUTE), to: ago(1200 * MINUTE) },
        after: { from: ago(1200 * MINUTE), to: ago(1000 * MINUTE) },
      },
      predictedRatio: 0.05,
      measuredRatio: 0.1,
      statements: [
        {
          queryId: '42',
          text: 'select id from message where day = $1',
          callsPerMinuteBefore: 10,
          callsPerMinuteAfter: 11,
          meanMsBefore: 60,
          meanMsAfter: 6,
          blocksPerCallBefore: 400,
          blocksPerCallAfter: 4,
          predictedRatio: 0.05,
          measuredRatio: 0.1,
          verdict: 'improved',
        },
      ],
      evidenceBefore: [],
      evidenceAfter: [],
      value,
    },
    document: '# OPT-3',
    amendments: [],
    endedBecause: null,
    entries: [],
    ...over,
  } satisfies Record<keyof OptimizationWire, unknown>)
}

export const optimizations = {
  optimizations: [
    optimization({
      name: 'OPT-4',
      number: 4,
      state: 'measuring',
      verdict: null,
      value: null,
      title: 'Index by_month is bloated',
    }),
    optimization(),
  ],
}

const period = (over: Partial<PracticePeriodWire>): PracticePeriodWire => {
  const spread = (minutes: number) => ({ medianMs: minutes * MINUTE, p90Ms: 2 * minutes * MINUTE, count: 6 })
  const share = { good: 3, all: 4, ratio: 0.75 }
  return {
    from: ago(90 * 1440 * MINUTE),
    to: ago(0),
    incidents: 6,
    toDetect: spread(1),
    toAcknowledge: spread(4),
    toMitigate: spread(12),
    toRecover: spread(31),
    reviewed: share,
    launchReviews: share,
    actionItems: share,
    changes: share,
    emergencyChanges: 1,
    optimizations: share,
    savedMsPerDay: 777_600,
    freedBytes: 0,
    ...over,
  }
}
export const practice = practiceWire.parse({
  period: period({}),
  before: [period({ toDetect: { medianMs: null, p90Ms: null, count: 0 } })],
})
