// Statements that take more (or less) of a request's time than before, each with the reason that its own figures show.

import type { Cause } from '../model/comparison.ts'
import type { Evidence } from '../model/finding.ts'
import { digits, isUnchanged, reasonsOf } from './causes-reasons.ts'
import type { Side, SideStatement } from './causes-side.ts'
import { excerpt, msWords, percentWords, statementWords } from './causes-words.ts'

export interface StatementChange {
  readonly key: string
  readonly base: SideStatement | null
  readonly head: SideStatement | null
  /** Of a request's time, more (or less, below 0). */
  readonly growthMs: number
}

/** Below this share of a request's time, or of what it changed by, a statement explains nothing. */
const LEAST_OF_REQUEST = 0.02
const LEAST_OF_GROWTH = 0.1

/** Of the database's time of a request: a change so large, with another plan or twice the time a call, is one whatever requests do. */
const LEAST_OF_DATABASE = 0.1
const CLEAR_RATIO = 2
/** What the clock and the server's own jitter make of nothing. */
const LEAST_MS = 0.2

/**
 * Those that take more first, then those that take less, the largest change first: one endpoint may be slower while requests are faster
 * on the whole, and a noisy host moves requests one way and the database the other.
 */
export function changedStatements(base: Side, head: Side): readonly StatementChange[] {
  const growthMs = head.requestMs - base.requestMs
  const leastClear = Math.max(LEAST_MS, LEAST_OF_DATABASE * base.databaseMsPerRequest)
  const least = Math.max(LEAST_OF_REQUEST * base.requestMs, LEAST_OF_GROWTH * Math.abs(growthMs))
  const keys = new Set([...base.statements.keys(), ...head.statements.keys()])
  return [...keys]
    .map((key): StatementChange => {
      const [before, after] = [base.statements.get(key) ?? null, head.statements.get(key) ?? null]
      return {
        key,
        base: before,
        head: after,
        growthMs: (after?.msPerRequest ?? 0) - (before?.msPerRequest ?? 0),
      }
    })
    .filter((change) => {
      const size = Math.abs(change.growthMs)
      return (
        size > 0 &&
        (size >= least || (size >= leastClear && isClear(change))) &&
        isBeyondNoise(change.base, change.head)
      )
    })
    .sort(
      (a, b) =>
        Number(b.growthMs > 0) - Number(a.growthMs > 0) || Math.abs(b.growthMs) - Math.abs(a.growthMs),
    )
}

function isClear({ base, head }: StatementChange): boolean {
  if (base === null || head === null) return false
  const isOtherPlan = base.planShape !== null && head.planShape !== null && base.planShape !== head.planShape
  return isOtherPlan || Math.abs(Math.log(head.msPerRequest / base.msPerRequest)) >= Math.log(CLEAR_RATIO)
}

/** Where there are several runs a side, the lesser ones of the slower side have to lie above the better ones of the other. */
function isBeyondNoise(base: SideStatement | null, head: SideStatement | null): boolean {
  if (base === null || head === null) return true
  const ratio = head.msPerRequest / base.msPerRequest
  if (isUnchanged(ratio)) return false
  if (base.ofRuns.length < 2 || head.ofRuns.length < 2) return true
  const [slower, faster] = ratio > 1 ? [head, base] : [base, head]
  return (
    median(slower.ofRuns) > Math.max(...faster.ofRuns) ||
    quarter(slower.ofRuns, 0.25) > quarter(faster.ofRuns, 0.75)
  )
}

function median(values: readonly number[]): number {
  return quarter(values, 0.5)
}

function quarter(values: readonly number[], ratio: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.round((sorted.length - 1) * ratio)]!
}

export function statementCause(change: StatementChange, base: Side, head: Side): Cause {
  const { base: before, head: after, growthMs } = change
  const known = (after ?? before)!
  const requestGrowthMs = head.requestMs - base.requestMs
  const isOfGrowth = growthMs * requestGrowthMs > 0
  const share = isOfGrowth ? Math.min(1, growthMs / requestGrowthMs) : null
  const reasons = reasonsOf(change, base, head)
  const isPlan = reasons.some(({ kind }) => kind === 'plan')
  const name = statementWords(known)
  const more = growthMs > 0 ? 'more' : 'less'
  const words = [
    before === null
      ? `${name} is new and takes ${msWords(growthMs)} of a request`
      : after === null
        ? `${name} is no longer sent, which saves ${msWords(-growthMs)} a request`
        : `${name} takes ${msWords(Math.abs(growthMs))} a request ${more} (${msWords(before.msPerRequest)} before, ${msWords(after.msPerRequest)} now)`,
    share === null || share < 0.005
      ? ''
      : `, ${percentWords(share)} of the whole ${growthMs > 0 ? 'growth' : 'gain'}`,
    reasons.length === 0 ? '' : `: ${reasons.map((reason) => reason.words).join('; ')}`,
    '.',
  ]
  return {
    kind: isPlan ? 'plan' : 'statement',
    subject: excerpt(known.text),
    queryId: known.queryId,
    summary: words.join(''),
    evidence: [...figures(before, after), ...reasons.flatMap((reason) => reason.evidence)],
    share,
  }
}

function figures(before: SideStatement | null, after: SideStatement | null): readonly Evidence[] {
  const side = (statement: SideStatement | null, when: string): readonly Evidence[] =>
    statement === null
      ? []
      : [
          { label: `a call ${when}`, value: digits(statement.msPerCall), unit: 'ms' },
          { label: `a request ${when}`, value: digits(statement.msPerRequest), unit: 'ms' },
        ]
  return [...side(before, 'before'), ...side(after, 'now')]
}
