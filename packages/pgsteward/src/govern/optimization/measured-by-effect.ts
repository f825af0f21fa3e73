// What an index brought, as an optimization record keeps it: per statement, and as database time saved a day.

import type { IndexEffect, StatementEffect } from '../../model/index-effect.ts'
import type { Milliseconds } from '../../model/units.ts'
import type { OptimizationBody } from './optimization-entries.ts'

const MINUTES_PER_DAY = 1_440

/**
 * Saved a day: for each statement with enough calls, the calls of before times the difference of the means; statements whose change is
 * within noise count nothing, as in the effect's own verdict. `totalMsPerMinute`: of all statements before; null: not known.
 */
export function measuredByEffect(
  effect: IndexEffect,
  totalMsPerMinute: Milliseconds | null,
  sizeBytes: number | null,
): OptimizationBody<'measured'> {
  const isJudged = effect.verdict !== 'too-few-calls' && effect.verdict !== 'disturbed'
  const msPerDay = isJudged
    ? effect.statements.reduce((sum, each) => sum + savedPerMinute(each), 0) * MINUTES_PER_DAY
    : null
  const share =
    msPerDay === null || totalMsPerMinute === null || totalMsPerMinute === 0
      ? null
      : msPerDay / MINUTES_PER_DAY / totalMsPerMinute
  const { before, after } = effect
  return {
    verdict: effect.verdict,
    because: effect.because,
    windows: { before: moments(before), after: moments(after) },
    predictedRatio: effect.predictedCostRatio,
    measuredRatio: effect.measuredRatio,
    statements: effect.statements.map(statement),
    evidenceBefore: [],
    evidenceAfter: [],
    value: {
      msPerDay,
      share,
      bytes: sizeBytes === null ? null : -sizeBytes,
      source: isJudged
        ? 'pg_stat_statements: the calls of before, at their mean time before and after'
        : `nothing is said of it: ${effect.because ?? effect.verdict}`,
    },
  }
}

function savedPerMinute({ verdict, before, measuredRatio }: StatementEffect): Milliseconds {
  if (verdict === 'no-change' || measuredRatio === null) return 0
  return before.totalMsPerMinute * (1 - measuredRatio)
}

function statement(each: StatementEffect): OptimizationBody<'measured'>['statements'][number] {
  const { queryId, text, before, after, predictedCostRatio, measuredRatio, verdict } = each
  return {
    queryId,
    text,
    callsPerMinuteBefore: before.callsPerMinute,
    callsPerMinuteAfter: after.callsPerMinute,
    meanMsBefore: before.meanMs,
    meanMsAfter: after.meanMs,
    blocksPerCallBefore: before.blocksPerCall,
    blocksPerCallAfter: after.blocksPerCall,
    predictedRatio: predictedCostRatio,
    measuredRatio,
    verdict,
  }
}

function moments({ from, to }: { readonly from: Date; readonly to: Date }) {
  return { from: from.toISOString(), to: to.toISOString() }
}
