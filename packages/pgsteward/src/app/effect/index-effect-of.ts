// What an index did, from figures of before and after: each statement's verdict, and one for all by the calls of before.

import type { AdvisedIndex } from '../../model/advice.ts'
import type { IndexEffect, StatementEffect, StatementFigures } from '../../model/index-effect.ts'
import { compareMeans, weightedMean } from '../../stats/weighted-mean.ts'
import type { StatementPoint } from '../../store/store.ts'

/** The mean of fewer calls is a matter of which rows they happened to ask for. */
const LEAST_CALLS = 20
/** A tenth more or less comes from a warmer cache or a busier hour. */
const LEAST_RATIO = 0.1
/** Who reads as many blocks as before is planned as before: its time varies for other reasons, and the index is none of them. */
const SAME_BLOCKS = 0.02

/** One statement on both sides, as the history has it. */
export interface ComparedStatement {
  readonly queryId: string
  readonly text: string
  readonly before: readonly StatementPoint[]
  readonly after: readonly StatementPoint[]
  readonly predictedCostRatio: number | null
}

export interface Compared {
  readonly statements: readonly ComparedStatement[]
  /** Really covered by readings. */
  readonly beforeSeconds: number
  readonly afterSeconds: number
  /** What else changed while it appeared; null: nothing that is known. */
  readonly disturbedBy: string | null
}

type Verdict = Pick<
  IndexEffect,
  'predictedCostRatio' | 'measuredRatio' | 'verdict' | 'because' | 'statements'
>

export function effectOf({ statements, beforeSeconds, afterSeconds, disturbedBy }: Compared): Verdict {
  const effects = statements
    .map((each) => statementEffect(each, beforeSeconds, afterSeconds))
    .sort((a, b) => b.before.totalMsPerMinute - a.before.totalMsPerMinute)
  const judged = effects.filter(({ verdict }) => verdict !== 'too-few-calls')
  const predicted = effects.filter(({ predictedCostRatio }) => predictedCostRatio !== null)
  const measuredRatio = ratioOf(judged, ({ measuredRatio }) => measuredRatio!)
  const figures = {
    statements: effects,
    predictedCostRatio: ratioOf(predicted, ({ predictedCostRatio }) => predictedCostRatio!),
    measuredRatio,
  }
  if (measuredRatio === null) {
    return {
      ...figures,
      verdict: 'too-few-calls',
      because: `fewer than ${LEAST_CALLS} calls on either side of each statement, in ${spanOf(beforeSeconds)} before and ${spanOf(afterSeconds)} after`,
    }
  }
  if (disturbedBy !== null) return { ...figures, verdict: 'disturbed', because: disturbedBy }
  const changed = ratioOf(judged, (each) => (each.verdict === 'no-change' ? 1 : each.measuredRatio!))!
  const verdict = changed <= 1 - LEAST_RATIO ? 'improved' : changed >= 1 + LEAST_RATIO ? 'worse' : 'no-change'
  return { ...figures, verdict, because: null }
}

/** Of the time that the statements took before: what each takes now, by the calls of then. Null: none took any. */
function ratioOf(
  effects: readonly StatementEffect[],
  ratio: (effect: StatementEffect) => number,
): number | null {
  const total = effects.reduce((sum, { before }) => sum + before.totalMsPerMinute, 0)
  if (total === 0) return null
  return effects.reduce((sum, effect) => sum + effect.before.totalMsPerMinute * ratio(effect), 0) / total
}

function statementEffect(
  { queryId, text, before, after, predictedCostRatio }: ComparedStatement,
  beforeSeconds: number,
  afterSeconds: number,
): StatementEffect {
  const figures = { before: figuresOf(before, beforeSeconds), after: figuresOf(after, afterSeconds) }
  const means = { before: meanOf(before), after: meanOf(after) }
  const base = { queryId, text, ...figures, predictedCostRatio }
  if (
    means.before === null ||
    means.after === null ||
    means.before.mean === 0 ||
    figures.before.calls < LEAST_CALLS ||
    figures.after.calls < LEAST_CALLS
  )
    return { ...base, measuredRatio: null, verdict: 'too-few-calls' }
  const blocks = figures.before.blocksPerCall
  const isSamePlan = blocks > 0 && Math.abs(figures.after.blocksPerCall / blocks - 1) <= SAME_BLOCKS
  const comparison = isSamePlan ? 'alike' : compareMeans(means.before, means.after, LEAST_RATIO)
  return {
    ...base,
    measuredRatio: means.after.mean / means.before.mean,
    verdict: comparison === 'lower' ? 'improved' : comparison === 'higher' ? 'worse' : 'no-change',
  }
}

function meanOf(points: readonly StatementPoint[]) {
  return weightedMean(
    points.map(({ calls, totalExecMs }) => ({ weight: calls, mean: calls === 0 ? 0 : totalExecMs / calls })),
  )
}

function figuresOf(points: readonly StatementPoint[], seconds: number): StatementFigures {
  const sum = (value: (point: StatementPoint) => number) =>
    points.reduce((total, point) => total + value(point), 0)
  const calls = sum((point) => point.calls)
  const totalMs = sum((point) => point.totalExecMs)
  const blocks = sum((point) => point.sharedBlocksHit + point.sharedBlocksRead)
  const minutes = seconds / 60
  return {
    calls,
    callsPerMinute: minutes === 0 ? 0 : calls / minutes,
    meanMs: calls === 0 ? 0 : totalMs / calls,
    totalMsPerMinute: minutes === 0 ? 0 : totalMs / minutes,
    blocksPerCall: calls === 0 ? 0 : blocks / calls,
  }
}

/** Cost after to cost before, by query id, as the advice had it. */
export function predictionsOf(index: AdvisedIndex): ReadonlyMap<string, number> {
  return new Map(
    index.statements
      .filter(({ foreignKey, costBefore }) => foreignKey === null && costBefore > 0)
      .map(({ id, costBefore, costAfter }) => [id, costAfter / costBefore]),
  )
}

function spanOf(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`
  return `${Math.round(seconds / 3600)} h`
}
