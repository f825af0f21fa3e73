// A statement that takes much longer since the planner chose another plan for it.

import { z } from 'zod'
import { planChanges } from '../../facts/plan-changes.ts'
import { statementTexts } from '../../facts/statement-texts.ts'
import { statements } from '../../facts/statements.ts'
import { type TableRow, tables } from '../../facts/tables.ts'
import { defineCheck } from '../../model/check.ts'
import type { Evidence, Remedy } from '../../model/finding.ts'
import type { PlanChange } from '../../model/plan.ts'
import type { PlanNode } from '../../model/what-if.ts'
import { ident, qualified } from '../../sql/quote.ts'
import { queryExcerpt } from './query-excerpt.ts'
import { statementLoads } from './statement-load.ts'

export const planChanged = defineCheck({
  id: 'plan-changed',
  area: 'query',
  title: 'Statement that is slower since its plan changed',
  needs: { planChanges, statements, statementTexts, tables },
  options: z.object({
    times: z
      .number()
      .min(1.1)
      .default(2)
      .describe('Mean time a call, after over before. Below twice, load and cache move it as much.'),
    lostMsPerMinute: z
      .number()
      .positive()
      .default(600)
      .describe('More time a minute than before: a hundredth of one session. Less nobody notices.'),
    criticalTimes: z
      .number()
      .min(1.1)
      .default(10)
      .describe('Critical from here on, together with criticalMsPerMinute.'),
    criticalMsPerMinute: z
      .number()
      .positive()
      .default(30_000)
      .describe('More time a minute than before: half a session, of a pool that often has ten.'),
  }),
  run({ planChanges, statements, statementTexts, tables }, options, { now, server }) {
    const loads = new Map(
      statementLoads(server.database, statements, statementTexts).map((load) => [load.queryId, load]),
    )
    return worstOfEach(planChanges)
      .filter(({ change, slowdown, lostMs }) => {
        if (change.database !== server.database || slowdown < options.times) return false
        return lostMs >= options.lostMsPerMinute
      })
      .map(({ change, slowdown, lostMs }) => {
        const stale = staleTables(change, tables)
        const remedy = remedyFor(change, stale)
        return {
          subject: { kind: 'query' as const, database: change.database, queryId: change.queryId },
          severity:
            slowdown >= options.criticalTimes && lostMs >= options.criticalMsPerMinute
              ? ('critical' as const)
              : ('warning' as const),
          summary: `A statement takes ${timesText(slowdown)} as long since its plan changed${becauseOf(change, stale)}`,
          evidence: evidenceOf(change, stale, options.times, loads.get(change.queryId)?.share ?? null, now),
          ...(remedy === null ? {} : { remedy }),
        }
      })
  },
})

interface Judged {
  readonly change: PlanChange
  readonly slowdown: number
  /** More time a minute than at the pace of before. */
  readonly lostMs: number
}

/**
 * The latest change of each source with figures on both sides is what counts: one before it is mended, or made worse, by it; one after
 * it has yet to show what it brings. Of the sources the worst.
 */
function worstOfEach(changes: readonly PlanChange[]): readonly Judged[] {
  const latest = new Map<string, PlanChange>()
  for (const change of changes) {
    if (change.meanMsBefore === null || change.meanMsAfter === null) continue
    const key = `${change.database}/${change.queryId}/${change.to.source}`
    const known = latest.get(key)
    if (known === undefined || change.at > known.at) latest.set(key, change)
  }
  const worst = new Map<string, Judged>()
  for (const change of latest.values()) {
    const { meanMsBefore: before, meanMsAfter: after } = change
    if (before === null || after === null) continue
    const judged = {
      change,
      slowdown: after / Math.max(before, 0.001),
      lostMs: (after - before) * change.callsPerMinuteAfter,
    }
    const key = `${change.database}/${change.queryId}`
    if ((worst.get(key)?.slowdown ?? 0) < judged.slowdown) worst.set(key, judged)
  }
  return [...worst.values()].sort((a, b) => b.lostMs - a.lostMs)
}

function timesText(slowdown: number): string {
  return slowdown >= 10 ? `${Math.round(slowdown)} times` : `${slowdown.toFixed(1)} times`
}

function evidenceOf(
  change: PlanChange,
  stale: readonly TableRow[],
  times: number,
  share: number | null,
  now: Date,
): readonly Evidence[] {
  const [nearest] = change.events
  return [
    { label: 'mean time before', value: change.meanMsBefore ?? 0, unit: 'ms' },
    { label: 'mean time since', value: change.meanMsAfter ?? 0, unit: 'ms' },
    { label: 'reported from, times as long', value: times, unit: 'count' },
    { label: 'calls a minute', value: change.callsPerMinuteAfter, unit: 'count' },
    ...(share === null
      ? []
      : [{ label: "share of the server's statement time", value: share, unit: 'ratio' as const }]),
    { label: 'first seen', value: change.at.toISOString(), unit: 'text' },
    { label: 'not before', value: change.notBefore.toISOString(), unit: 'text' },
    { label: 'what differs', value: change.difference, unit: 'text' },
    ...(change.flips > 1
      ? [{ label: 'changes to and fro', value: change.flips, unit: 'count' as const }]
      : []),
    ...(nearest === undefined
      ? []
      : [
          {
            label: 'what happened before',
            value: `${nearest.kind}: ${nearest.subject}, ${nearest.detail}`,
            unit: 'text' as const,
          },
        ]),
    ...stale.slice(0, 3).map((table) => ({
      label: `statistics of ${table.name}`,
      value: staleText(table, now),
      unit: 'text' as const,
    })),
    { label: 'statement', value: queryExcerpt(change.to.text) || 'text not known', unit: 'text' },
  ]
}

function staleText(table: TableRow, now: Date): string {
  const changed = `${Math.round(table.modifiedSinceAnalyze).toLocaleString('en-US')} of ${Math.round(table.rows).toLocaleString('en-US')} rows changed since`
  if (table.lastAnalyzeAt === null) return `never analyzed, ${changed} the counting began`
  const hours = (now.getTime() - table.lastAnalyzeAt.getTime()) / 3_600_000
  const age = hours >= 48 ? `${Math.round(hours / 24)} days` : `${Math.max(0, hours).toFixed(1)} hours`
  return `analyzed ${age} ago, ${changed}`
}

function becauseOf(change: PlanChange, stale: readonly TableRow[]): string {
  const dropped = droppedIndex(change)
  if (dropped !== null) return `: index ${dropped.name} was dropped`
  const [table] = stale
  return table === undefined ? '' : `: the statistics of ${table.name} are out of date`
}

/** Of the tables that either plan reads, those of which a fifth or more changed since ANALYZE: twice what autovacuum waits for. */
function staleTables(change: PlanChange, tables: readonly TableRow[]): readonly TableRow[] {
  const names = new Set([...relationsOf(change.from.plan), ...relationsOf(change.to.plan)])
  return tables
    .filter((table) => names.has(table.name) && table.kind !== 'partitioned table')
    .filter((table) => table.modifiedSinceAnalyze > Math.max(1_000, table.rows * 0.2))
    .sort((a, b) => b.modifiedSinceAnalyze - a.modifiedSinceAnalyze)
}

function relationsOf(plan: PlanNode): readonly string[] {
  return [plan['Relation Name'] ?? [], (plan.Plans ?? []).map(relationsOf)].flat(2)
}

function indexesOf(plan: PlanNode): readonly string[] {
  return [plan['Index Name'] ?? [], (plan.Plans ?? []).map(indexesOf)].flat(2)
}

/** An index of the old plan that went before the change, as app/plans/target-changes.ts tells it. */
function droppedIndex(change: PlanChange): { readonly name: string; readonly definition: string } | null {
  const used = new Set(indexesOf(change.from.plan))
  for (const { kind, detail } of change.events) {
    const told = /^index (.+?) dropped: (.+)$/s.exec(detail)
    if (kind === 'schema' && told !== null && used.has(told[1]!))
      return { name: told[1]!, definition: told[2]! }
  }
  return null
}

function remedyFor(change: PlanChange, stale: readonly TableRow[]): Remedy | null {
  const dropped = droppedIndex(change)
  if (dropped !== null && /^CREATE (UNIQUE )?INDEX /.test(dropped.definition)) {
    const [, schema] = / ON (?:ONLY )?(?:("(?:[^"]|"")+"|[\w$]+)\.)?/.exec(dropped.definition) ?? []
    return {
      sql: [dropped.definition.replace(/^CREATE (UNIQUE )?INDEX /, 'create $1index concurrently ')],
      undo: [`drop index concurrently ${schema === undefined ? '' : `${schema}.`}${ident(dropped.name)}`],
      lock: 'share update exclusive',
      caution:
        'Somebody dropped this index: ask why before it comes back. Building it reads the table twice and waits for transactions that are older.',
    }
  }
  if (stale.length === 0) return null
  return {
    sql: stale.slice(0, 5).map((table) => `analyze ${qualified(table.schema, table.name)}`),
    // nobody wants the old statistics back
    undo: null,
    lock: 'share update exclusive',
    caution:
      'Reads a sample of some 30,000 pages a table at most. Sessions plan anew with the next execution; if the plan stays, the cause is another.',
  }
}
