// The words of a sweep that its terminal form and the playbook share.

import {
  POOL_THRESHOLD_RATIO,
  type ScalabilityFit,
  type Sweep,
  type SweepStep,
  type SweepValue,
} from '../model/sweep.ts'
import { formatDuration, formatValue } from './format.ts'

export const offeredWord = (model: Sweep['model']) => (model === 'closed' ? 'users' : 'arrivals/s')

/** `a knee at 14 (90 %: 12 to 17), by the universal scalability law, R² 0.98` */
export function kneeWords({ knee, r2, doesNotFit, disagreeing }: ScalabilityFit): string {
  const fit =
    doesNotFit === null
      ? `universal scalability law, R² ${(r2 ?? 0).toFixed(2)}`
      : `the law does not fit: ${doesNotFit}`
  const apart =
    disagreeing.length === 0
      ? ''
      : `; measured and law disagree at ${disagreeing.map(({ n }) => number(n)).join(', ')}`
  if (knee === null) return `no knee within what was measured (${fit}${apart})`
  const interval =
    knee.interval === null ? '' : `, 90 % interval ${number(knee.interval[0])} to ${number(knee.interval[1])}`
  const by = knee.by === 'usl' ? '' : 'by the points alone, '
  return `a knee at ${number(knee.n)}${interval} (${by}${fit}${apart})`
}

const SIGNALS: Readonly<Record<SweepValue['poolSignal'], string>> = {
  'before-knee': 'warns before the knee',
  'at-knee': 'warns at the knee',
  'after-knee': 'warns only after the knee',
  'without-knee': 'warns, but there is no knee within what was measured',
  never: 'never warns',
  unknown: 'the application tells no pool',
}

/** Whether `over 70 % of the pool` came in time. */
export function poolSignalWords({ poolSignal, poolWarnsAt }: SweepValue, model: Sweep['model']): string {
  const from = poolWarnsAt === null ? '' : ` from ${number(poolWarnsAt)} ${offeredWord(model)} on`
  return `over ${POOL_THRESHOLD_RATIO * 100} % of the pool: ${SIGNALS[poolSignal]}${from}`
}

export const STEP_COLUMNS = ['', 'requests/s', 'p50', 'p95', 'failed', 'pool', 'database/request'] as const

export function stepCells(step: SweepStep): readonly string[] {
  const { pool } = step
  return [
    number(step.offered),
    number(step.requestsPerSecond),
    step.p50Ms === null ? '-' : formatDuration(step.p50Ms),
    step.p95Ms === null ? '-' : formatDuration(step.p95Ms),
    step.invalid.length > 0 ? step.invalid.join(', ') : formatValue(step.errorRatio, 'ratio'),
    pool === null
      ? '-'
      : `${pool.usedMax}${pool.max === null ? '' : ` of ${pool.max}`}${pool.waitingMax === 0 ? '' : `, ${pool.waitingMax} wait`}`,
    step.databaseMsPerRequest === null ? '-' : formatDuration(step.databaseMsPerRequest),
  ]
}

/** A machine that is busier has nothing left for more of anything. */
const FULL_RATIO = 0.9

/** What the sweep says about this variable, in a sentence or two; the first is the answer. */
export function sweepVerdict(sweep: Sweep): readonly string[] {
  const measured = sweep.values.filter(({ best }) => best !== null)
  if (measured.length === 0) return ['No step was within the limits: there is nothing to conclude.']
  const best = measured.reduce((top, each) =>
    each.best!.requestsPerSecond > top.best!.requestsPerSecond ? each : top,
  )
  const worst = measured.reduce((low, each) =>
    each.best!.requestsPerSecond < low.best!.requestsPerSecond ? each : low,
  )
  const ratio = best.best!.requestsPerSecond / worst.best!.requestsPerSecond
  const busy = measured.map(({ best: each }) => each!.hostBusyRatio ?? 0)
  const isFull = busy.every((each) => each > FULL_RATIO)
  const lines: string[] = []
  if (measured.length > 1) {
    // the least value that gives nearly all of it: more costs and brings nothing
    const enough = measured.find(
      ({ best: each }) => each!.requestsPerSecond >= 0.95 * best.best!.requestsPerSecond,
    )!
    const found = `${sweep.variable}=${enough.value} gives ${number(enough.best!.requestsPerSecond)} requests/s, within 5 % of the best (${sweep.variable}=${best.value})`
    lines.push(
      isFull
        ? `The machine was the limit and not ${sweep.variable}: at the best step of every value it was over ${FULL_RATIO * 100} % busy, on ${sweep.cores} cores with the generator among them. More of anything cannot scale there; repeat it where application, database and generator have cores of their own. As it is, ${found}.`
        : ratio < 1.1
          ? `${sweep.variable} hardly matters between ${measured[0]!.value} and ${measured.at(-1)!.value}: the best is ${formatValue(ratio - 1, 'ratio')} above the worst.`
          : `${found}: more is not worth it.`,
    )
  } else
    lines.push(
      `${sweep.variable}=${best.value}: ${number(best.best!.requestsPerSecond)} requests/s at ${number(best.best!.offered)} ${offeredWord(sweep.model)}.`,
    )
  if (sweep.overall !== null && measured.length > 1)
    lines.push(`Over ${sweep.variable}: ${kneeWords(sweep.overall)}.`)
  return lines
}

export function number(value: number): string {
  return Number(value.toFixed(value < 10 ? 1 : 0)).toLocaleString('en-US')
}
