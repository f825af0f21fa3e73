// Verdicts on load runs in words: whether to believe a run, whether it met what was asked of it, whether it is slower than before.

import type { Verdict } from '../../model/comparison.ts'
import type {
  HistoryChangeWire,
  LoadScenarioWire,
  RunStanding,
  RunVerdictWire,
} from '../../model/load-wire.ts'
import { formatDuration, formatValue } from '../../report/format.ts'
import { errorText } from '../../report/load-report-words.ts'
import type { KeptComparison, KeptRun } from '../../store/load/load-store.ts'

/** Below it a change is no one's concern (V5: the bands begin at 5 %). */
const NOTICED_RATIO = 1.05

const STANDING_OF: Readonly<Record<Exclude<Verdict, 'invalid'>, RunStanding>> = {
  pass: 'good',
  warn: 'warning',
  fail: 'failed',
  inconclusive: 'inconclusive',
}

/** Worst first: what a run is, when several things can be said of it. */
const ORDER: readonly RunStanding[] = ['invalid', 'failed', 'warning', 'inconclusive', 'good', 'measured']

/** `comparison`: the latest with this run as head; one that was not allowed says nothing about it. */
export function runVerdict(run: KeptRun, comparison: KeptComparison | null): RunVerdictWire {
  const [reason, ...more] = run.invalid
  if (reason !== undefined)
    return {
      standing: 'invalid',
      text: `Not to be believed: ${sentence(reason)}${more.length === 0 ? '' : ` And ${more.length} more ${more.length === 1 ? 'reason' : 'reasons'}.`}`,
    }
  const said = [thresholdWords(run), comparison === null ? null : comparisonWords(comparison)].filter(
    (each) => each !== null,
  )
  if (said.length === 0) return { standing: 'measured', text: figures(run) }
  const worstFirst = said.toSorted((a, b) => ORDER.indexOf(a.standing) - ORDER.indexOf(b.standing))
  return { standing: worstFirst[0]!.standing, text: worstFirst.map(({ text }) => text).join(' ') }
}

function thresholdWords(run: KeptRun): RunVerdictWire | null {
  const { thresholds, crossed } = run
  if (thresholds === 0) return null
  if (crossed.length > 0)
    return {
      standing: 'failed',
      text: `Crossed ${crossed.length} of ${thresholds} ${thresholds === 1 ? 'threshold' : 'thresholds'}: ${crossed.slice(0, 3).join('; ')}${crossed.length > 3 ? ' ...' : ''}.`,
    }
  return {
    standing: 'good',
    text: `${thresholds === 1 ? 'Its threshold is' : `All ${thresholds} thresholds are`} met: ${figures(run)}`,
  }
}

function comparisonWords({ verdict, summary }: KeptComparison): RunVerdictWire | null {
  if (verdict === 'invalid') return null
  return { standing: STANDING_OF[verdict], text: sentence(summary) }
}

function figures(run: KeptRun): string {
  const perSecond = run.durationMs === 0 ? 0 : run.requests / (run.durationMs / 1000)
  const p95 = run.p95Ms === null ? '' : `p95 ${formatDuration(run.p95Ms)} at `
  return `${p95}${formatValue(perSecond, 'perSecond')}, ${run.errors === 0 ? 'none' : errorText(run.errors, run.requests)} failed.`
}

/** The page's first sentence: the worst of what the latest runs of each scenario say, and what has changed by itself. */
export function loadHeadline(scenarios: readonly LoadScenarioWire[]): RunVerdictWire | null {
  const [latest] = scenarios.toSorted((a, b) => b.latest.startedAt.localeCompare(a.latest.startedAt))
  if (latest === undefined) return null
  const slower = scenarios
    .map((scenario) => ({ scenario, change: lastChange(scenario) }))
    .filter((each): each is { scenario: LoadScenarioWire; change: HistoryChangeWire } => each.change !== null)
    .filter(({ change }) => change.ratio > NOTICED_RATIO)
    .toSorted((a, b) => b.change.ratio - a.change.ratio)
  const last: RunVerdictWire = {
    standing: latest.latest.verdict.standing,
    text: `The last run was ${latest.title}. ${latest.latest.verdict.text}`,
  }
  const [worst] = slower
  if (worst === undefined) return last
  const at = worst.scenario.history.points[worst.change.index]?.at ?? ''
  const change: RunVerdictWire = {
    standing: 'warning',
    text: `${worst.scenario.title} is slower since ${at.slice(0, 10)}: p95 of all requests rose by ${Math.round((worst.change.ratio - 1) * 100)} % and stayed there.`,
  }
  const isWorse = ORDER.indexOf(last.standing) < ORDER.indexOf('warning')
  return {
    standing: isWorse ? last.standing : 'warning',
    text: isWorse ? `${last.text} ${change.text}` : `${change.text} ${last.text}`,
  }
}

function lastChange({ history }: LoadScenarioWire): HistoryChangeWire | null {
  return history.changes.at(-1) ?? null
}

function sentence(text: string): string {
  const trimmed = text.trim()
  return /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`
}
