// A memory for unit tests: answers with what it is given, within the window asked for, and counts the questions.

import type { ActivityGroup, ActivityPoint, BlockingIncident } from '../../src/model/activity.ts'
import type { AdviceRun } from '../../src/model/advice-run.ts'
import type {
  ApplicationSummary,
  OperationTotals,
  RepeatTotals,
  SlowQueryGroup,
  SlowQueryRates,
} from '../../src/model/application.ts'
import type { Outage, ProbeState, ProbeSums } from '../../src/model/availability.ts'
import type { Memory, RememberedStatement, Series } from '../../src/model/fact.ts'
import type { LogClassCount, LogRecord } from '../../src/model/log-event.ts'
import type { PlanChange, StatementPlan, TargetEvent } from '../../src/model/plan.ts'
import type { Window } from '../../src/model/units.ts'

export interface Remembered {
  readonly applications?: readonly ApplicationSummary[]
  readonly operations?: readonly OperationTotals[]
  readonly repeats?: readonly RepeatTotals[]
  readonly slowQueries?: readonly SlowQueryGroup[]
  readonly slowQueryRates?: SlowQueryRates
  readonly queryIds?: Readonly<Record<string, readonly string[]>>
  readonly advice?: AdviceRun
  /** By name, whatever the window. */
  readonly series?: Readonly<Record<string, readonly Series[]>>
  readonly statements?: readonly RememberedStatement[]
  /** Rows by fact. */
  readonly documents?: Readonly<Record<string, readonly unknown[]>>
  readonly incidents?: readonly BlockingIncident[]
  readonly activityHistory?: readonly ActivityPoint[]
  readonly activityGroups?: { readonly samples: number; readonly groups: readonly ActivityGroup[] }
  readonly logCounts?: readonly LogClassCount[]
  readonly logEvents?: readonly LogRecord[]
  readonly plans?: readonly StatementPlan[]
  readonly planChanges?: readonly PlanChange[]
  readonly events?: readonly TargetEvent[]
  readonly probes?: readonly ProbeState[]
  /** By the length of the window asked for. */
  readonly probeSums?: (lengthMs: number) => readonly ProbeSums[]
  readonly outages?: readonly Outage[]
}

export interface TestMemory extends Memory {
  readonly asked: Map<string, number>
}

export function memoryOf(remembered: Remembered = {}): TestMemory {
  const asked = new Map<string, number>()
  const count = (what: string) => asked.set(what, (asked.get(what) ?? 0) + 1)
  const during =
    ({ from, to }: Window) =>
    ({ lastAt }: { lastAt: Date }) =>
      lastAt > from && lastAt <= to
  return {
    asked,
    series: async (_target, name) => remembered.series?.[name] ?? [],
    topStatements: async () => remembered.statements ?? [],
    document: async (_target, fact) => {
      const rows = remembered.documents?.[fact]
      return rows === undefined ? null : { at: new Date(0), rows }
    },
    documents: async () => [],
    advice: async () => ({ latest: remembered.advice ?? null, done: remembered.advice ?? null }),
    applications: async (_target, { from, to }) => {
      count('applications')
      return (remembered.applications ?? []).filter((each) => each.lastSeenAt > from && each.lastSeenAt <= to)
    },
    operations: async (_target, window, { kind, application }) => {
      count(`operations ${kind}`)
      return (remembered.operations ?? []).filter(
        (each) =>
          each.kind === kind &&
          (application === undefined || each.application === application) &&
          during(window)(each),
      )
    },
    operationHistory: async (_target, application, { kind, name }, window) => {
      count(`history ${kind}`)
      const reported = (remembered.operations ?? []).filter(
        (each) => each.application === application && during(window)(each),
      )
      const its = reported.filter((each) => each.kind === kind && (name === undefined || each.name === name))
      const sum = (column: 'count' | 'errors' | 'totalMs') =>
        its.reduce((total, each) => total + each[column], 0)
      const point = { count: sum('count'), errors: sum('errors'), totalMs: sum('totalMs'), p95Ms: null }
      const seconds = (window.to.getTime() - window.from.getTime()) / 1000
      // a gap stays a gap
      return reported.length === 0 ? [] : [{ at: window.to, seconds, ...point }]
    },
    repeats: async (_target, window) => (remembered.repeats ?? []).filter(during(window)),
    slowQueryGroups: async (_target, window, { application }) =>
      (remembered.slowQueries ?? []).filter(
        (each) => (application === undefined || each.application === application) && during(window)(each),
      ),
    slowQueryRates: async () => remembered.slowQueryRates ?? { slow: 0, critical: 0 },
    textOfFingerprint: async () => null,
    queryIdsOf: async (_target, fingerprint) => {
      count('queryIdsOf')
      return remembered.queryIds?.[fingerprint] ?? []
    },
    activityHistory: async () => remembered.activityHistory ?? [],
    activityLevels: async () => [],
    textsOfQueries: async () => new Map(),
    activityGroups: async () => remembered.activityGroups ?? { samples: 0, groups: [] },
    blockingIncidents: async () => remembered.incidents ?? [],
    logCounts: async () => remembered.logCounts ?? [],
    logEvents: async () => remembered.logEvents ?? [],
    logSources: async () => [],
    plansOf: async () => remembered.plans ?? [],
    currentPlans: async () => remembered.plans ?? [],
    planChanges: async () => remembered.planChanges ?? [],
    targetEvents: async () => remembered.events ?? [],
    probes: async () => remembered.probes ?? [],
    availability: async (_target, windows) =>
      windows.map(({ from, to }) => remembered.probeSums?.(to.getTime() - from.getTime()) ?? []),
    availabilityDays: async () => [],
    outages: async () => remembered.outages ?? [],
  }
}
