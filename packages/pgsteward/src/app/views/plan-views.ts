// Answers about plans: those that a statement has or had, read in plain words, the changes from one to another, and what happened around.

import { tables } from '../../facts/tables.ts'
import type { PlanChange, StatementPlan, TargetEvent } from '../../model/plan.ts'
import type { Window } from '../../model/units.ts'
import type {
  PlanChangesWire,
  PlanChangeWire,
  PlanningWire,
  StatementPlansWire,
  StatementPlanWire,
  TargetEventsWire,
  TargetEventWire,
} from '../../model/wire.ts'
import type { InsightContext } from '../../plans/insights/insight-context.ts'
import { insightsOf } from '../../plans/insights/insights-of.ts'
import { planShape } from '../../plans/plan-shape.ts'
import type { StatementPoint } from '../../store/store.ts'
import { rowsOf } from '../reading.ts'
import type { Steward } from '../steward.ts'
import { watcherOf } from './watcher-of.ts'

/** More shapes of one statement nobody compares. */
const MOST_PLANS = 20
const MOST_CHANGES = 50

export class PlanViews {
  readonly #steward: Steward

  constructor(steward: Steward) {
    this.#steward = steward
  }

  async ofStatement(targetId: string, queryId: string, window: Window): Promise<StatementPlansWire> {
    const { store, plans } = this.#steward
    const [known, changes, [figures]] = await Promise.all([
      store.plansOf(targetId, { queryId }),
      store.planChanges(targetId, window),
      store.statementHistory(targetId, queryId, window, 1),
    ])
    const context = { ...this.#context(targetId), ...perCall(figures) }
    return {
      plans: known.slice(0, MOST_PLANS).map((plan) => planView(plan, context)),
      changes: changes
        .filter((change) => change.queryId === queryId)
        .slice(0, MOST_CHANGES)
        .map((change) => changeView(change, context)),
      planning: this.#planning(targetId),
      because: plans.reasonOf(targetId, queryId),
    }
  }

  async changes(targetId: string, window: Window): Promise<PlanChangesWire> {
    const context = this.#context(targetId)
    const changes = await this.#steward.store.planChanges(targetId, window)
    return {
      changes: changes.slice(0, MOST_CHANGES).map((change) => changeView(change, context)),
      planning: this.#planning(targetId),
    }
  }

  async events(targetId: string, window: Window): Promise<TargetEventsWire> {
    watcherOf(this.#steward, targetId)
    return { events: (await this.#steward.store.targetEvents(targetId, window)).map(eventView) }
  }

  #planning(targetId: string): PlanningWire {
    const state = this.#steward.plans.state(targetId)
    return state === null
      ? null
      : { ...state, refused: [...state.refused], at: state.at?.toISOString() ?? null }
  }

  #context(targetId: string): InsightContext {
    const rows = rowsOf(watcherOf(this.#steward, targetId).state.snapshot, tables) ?? []
    const byName = Map.groupBy(rows, ({ name }) => name)
    return {
      rowsOf: (schema, table) => {
        const named = (byName.get(table) ?? []).filter((row) => schema === null || row.schema === schema)
        return named.length === 1 ? named[0]!.rows : null
      },
    }
  }
}

function perCall(figures: StatementPoint | undefined): Pick<InsightContext, 'rowsPerCall' | 'blocksPerCall'> {
  if (figures === undefined || figures.calls === 0) return {}
  const { calls, rows, sharedBlocksHit, sharedBlocksRead } = figures
  return { rowsPerCall: rows / calls, blocksPerCall: (sharedBlocksHit + sharedBlocksRead) / calls }
}

function planView(plan: StatementPlan, context: InsightContext): StatementPlanWire {
  return {
    id: plan.id,
    source: plan.source,
    isAnalyzed: plan.isAnalyzed,
    shape: plan.shape,
    shapeText: planShape(plan.plan).text,
    plan: plan.plan as unknown as Record<string, unknown>,
    insights: [...insightsOf(plan.plan, { ...context, durationMs: plan.durationMs })],
    parameters: plan.parameters,
    totalCost: plan.totalCost,
    durationMs: plan.durationMs,
    firstSeenAt: plan.firstSeenAt.toISOString(),
    lastSeenAt: plan.lastSeenAt.toISOString(),
    seen: plan.seen,
  }
}

function changeView(change: PlanChange, context: InsightContext): PlanChangeWire {
  return {
    queryId: change.queryId,
    database: change.database,
    text: change.to.text,
    at: change.at.toISOString(),
    notBefore: change.notBefore.toISOString(),
    difference: change.difference,
    flips: change.flips,
    meanMsBefore: change.meanMsBefore,
    meanMsAfter: change.meanMsAfter,
    callsPerMinuteBefore: change.callsPerMinuteBefore,
    callsPerMinuteAfter: change.callsPerMinuteAfter,
    from: planView(change.from, context),
    to: planView(change.to, context),
    events: change.events.map(eventView),
  }
}

function eventView(event: TargetEvent): TargetEventWire {
  return { ...event, at: event.at.toISOString() }
}
