// Just-in-time compilation that costs statements more than it can save: they are done before the compiler is.

import { z } from 'zod'
import { type SettingOverrideRow, settingOverrides } from '../../facts/setting-overrides.ts'
import { settingNamed, settings } from '../../facts/settings.ts'
import { statementPlans } from '../../facts/statement-plans.ts'
import { statementTexts } from '../../facts/statement-texts.ts'
import { type StatementRow, statements } from '../../facts/statements.ts'
import { defineCheck } from '../../model/check.ts'
import type { Evidence, Remedy } from '../../model/finding.ts'
import { duration, type Milliseconds } from '../../model/units.ts'
import { jitMs } from '../../plans/insights/jit.ts'
import { ident, literal } from '../../sql/quote.ts'
import { busyEvidence, planFor, planOptions, severityByBusy } from './planned-statements.ts'
import { queryExcerpt } from './query-excerpt.ts'
import { type StatementLoad, statementLoads } from './statement-load.ts'

const MOST_STATEMENTS = 5
/** Of a statement's time: compiling that is not felt, in one that is long enough to gain from it. */
const SERVED_SHARE = 0.1
const SERVED_MS: Milliseconds = 1000

interface Compiled {
  readonly load: StatementLoad
  readonly jitMs: Milliseconds
  readonly share: number
}

export const jitOnShortQueries = defineCheck({
  id: 'jit-on-short-queries',
  area: 'query',
  title: 'JIT compilation of statements that are soon done',
  needs: { statements, statementTexts, statementPlans, settings, settingOverrides },
  options: z.object({
    ...planOptions,
    minShare: z
      .number()
      .gt(0)
      .max(1)
      .prefault(0.25)
      .describe(
        'Of a statement’s time: compiled expressions run perhaps twice as fast, which can not bring back a quarter of a statement that mostly reads.',
      ),
    minPerCall: duration().prefault('5ms').describe('Less is a matter of taste.'),
  }),
  run({ statements, statementTexts, statementPlans, settings, settingOverrides }, options, { server }) {
    const counted = jitByQuery(statements.rows, server.database)
    const compiled = statementLoads(server.database, statements, statementTexts)
      .filter((load) => load.calls >= options.minCalls && load.execMs > 0)
      .map((load): Compiled => {
        const measured = counted.get(load.queryId) ?? 0
        const plan = measured > 0 ? undefined : planFor(load, statementPlans)
        // PostgreSQL 14 does not count it; a plan that ran tells of one call
        const total = plan === undefined ? measured : (jitMs(plan.plan) ?? 0) * load.calls
        return { load, jitMs: Math.min(total, load.execMs), share: Math.min(1, total / load.execMs) }
      })
    const hurt = compiled
      .filter((each) => each.share >= options.minShare && each.jitMs / each.load.calls >= options.minPerCall)
      .sort((a, b) => b.jitMs - a.jitMs)
    const totalMs = hurt.reduce((sum, each) => sum + each.jitMs, 0)
    const busy = statements.seconds > 0 ? totalMs / 1000 / statements.seconds : 0
    if (hurt.length === 0 || busy < options.minBusy) return []
    const served = compiled.filter(
      (each) => each.jitMs > 0 && each.share < SERVED_SHARE && each.load.meanMs >= SERVED_MS,
    )
    const aboveCost = settingNamed(settings, 'jit_above_cost')?.value
    return [
      {
        subject: { kind: 'setting' as const, name: 'jit' },
        severity: severityByBusy(busy, options),
        summary:
          'Statements spend much of their time on being compiled (JIT), and are done too soon to gain by it',
        evidence: [
          { label: 'statements concerned', value: hurt.length, unit: 'count' as const },
          ...hurt.slice(0, MOST_STATEMENTS).flatMap(hurtEvidence),
          { label: 'reported from a share of', value: options.minShare, unit: 'ratio' as const },
          { label: 'statements that are long enough for it', value: served.length, unit: 'count' as const },
          ...(aboveCost === undefined
            ? []
            : [{ label: 'jit_above_cost', value: Number(aboveCost), unit: 'count' as const }]),
          ...busyEvidence(busy, options),
        ],
        remedy: remedyFor(server.database, served.length > 0, Number(aboveCost ?? 100_000), settingOverrides),
      },
    ]
  },
})

function jitByQuery(rows: readonly StatementRow[], database: string): ReadonlyMap<string, Milliseconds> {
  const sums = new Map<string, Milliseconds>()
  for (const row of rows)
    if (row.database === database) sums.set(row.queryId, (sums.get(row.queryId) ?? 0) + row.jitMs)
  return sums
}

function hurtEvidence({ load, jitMs, share }: Compiled): readonly Evidence[] {
  return [
    { label: `query ${load.queryId}: compiling, of its time`, value: share, unit: 'ratio' },
    { label: 'compiling a call', value: jitMs / load.calls, unit: 'ms' },
    { label: 'statement', value: queryExcerpt(load.text) || 'text not known', unit: 'text' },
  ]
}

/** Off for the database; where long statements use it, only above ten times the cost. */
function remedyFor(
  database: string,
  hasServed: boolean,
  aboveCost: number,
  overrides: readonly SettingOverrideRow[],
): Remedy {
  const [name, value] = hasServed
    ? ['jit_above_cost', String(Math.max(1_000_000, aboveCost * 10))]
    : ['jit', 'off']
  const had = overrides.find((each) => each.name === name && each.role === null && each.database === database)
  const alter = `alter database ${ident(database)}`
  return {
    sql: [`${alter} set ${name} = ${literal(value!)}`],
    undo: [had === undefined ? `${alter} reset ${name}` : `${alter} set ${name} = ${literal(had.value)}`],
    lock: 'none',
    caution:
      'Holds for new sessions of this database: pools keep theirs. A role with a setting of its own keeps that. Long reports can switch it on for themselves: set local jit = on.',
  }
}
