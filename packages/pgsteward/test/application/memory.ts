// A memory for unit tests: answers with what it is given, within the window asked for, and counts the questions.

import type { ActivityGroup, ActivityPoint, BlockingIncident } from '../../src/model/activity.ts'
import type { AdviceRun } from '../../src/model/advice-run.ts'
import type {
  ApplicationSummary,
  OperationTotals,
  RepeatTotals,
  SlowQueryGroup,
} from '../../src/model/application.ts'
import type { Memory } from '../../src/model/fact.ts'
import type { LogClassCount, LogRecord } from '../../src/model/log-event.ts'
import type { PlanChange, StatementPlan, TargetEvent } from '../../src/model/plan.ts'
import type { Window } from '../../src/model/units.ts'

export interface Remembered {
  readonly applications?: readonly ApplicationSummary[]
  readonly operations?: readonly OperationTotals[]
  readonly repeats?: readonly RepeatTotals[]
  readonly slowQueries?: readonly SlowQueryGroup[]
  readonly queryIds?: Readonly<Record<string, readonly string[]>>
  readonly advice?: AdviceRun
  readonly incidents?: readonly BlockingIncident[]
  readonly activityHistory?: readonly ActivityPoint[]
  readonly activityGroups?: { readonly samples: number; readonly groups: readonly ActivityGroup[] }
  readonly logCounts?: readonly LogClassCount[]
  readonly logEvents?: readonly LogRecord[]
  readonly plans?: readonly StatementPlan[]
  readonly planChanges?: readonly PlanChange[]
  readonly events?: readonly TargetEvent[]
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
    series: async () => [],
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
    repeats: async (_target, window) => (remembered.repeats ?? []).filter(during(window)),
    slowQueryGroups: async (_target, window, { application }) =>
      (remembered.slowQueries ?? []).filter(
        (each) => (application === undefined || each.application === application) && during(window)(each),
      ),
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
  }
}
