// A scenario's load as an executor of k6: flat is constant, the rest ramps.

import type { Scenario, ScenarioLoad } from '../../model/scenario.ts'
import { indented, k6Duration, quoted } from './script-text.ts'

/** What is on its way at the end may still be answered. */
const GRACE = '5s'

export function loadLines({ load }: Pick<Scenario, 'load'>): readonly string[] {
  return load.model === 'closed' ? closedLines(load) : openLines(load)
}

function closedLines(load: Extract<ScenarioLoad, { model: 'closed' }>): readonly string[] {
  const { start, stages } = withoutLeaps(
    load.startUsers,
    load.stages.map((stage) => ({ forMs: stage.for, level: stage.users })),
  )
  if (isFlat(start, stages))
    return [
      "executor: 'constant-vus',",
      `vus: ${start},`,
      `duration: ${quoted(k6Duration(lengthOf(stages)))},`,
      `gracefulStop: ${quoted(GRACE)},`,
    ]
  return [
    "executor: 'ramping-vus',",
    `startVUs: ${start},`,
    ...stageLines(stages),
    `gracefulRampDown: ${quoted(GRACE)},`,
    `gracefulStop: ${quoted(GRACE)},`,
  ]
}

function openLines(load: Extract<ScenarioLoad, { model: 'open' }>): readonly string[] {
  const { start, stages } = withoutLeaps(
    load.startPerSecond,
    load.stages.map((stage) => ({ forMs: stage.for, level: stage.perSecond })),
  )
  const { unit, seconds } = timeUnit([start, ...stages.map(({ level }) => level)])
  const rate = (perSecond: number) => Math.round(perSecond * seconds)
  const users = [
    '// a virtual user is a session: enough of them, or k6 drops arrivals',
    `preAllocatedVUs: ${Math.min(load.sessions, load.maxInFlight)},`,
    `maxVUs: ${load.maxInFlight},`,
    `gracefulStop: ${quoted(GRACE)},`,
  ]
  if (isFlat(start, stages))
    return [
      "executor: 'constant-arrival-rate',",
      `rate: ${rate(start)},`,
      `timeUnit: ${quoted(unit)},`,
      `duration: ${quoted(k6Duration(lengthOf(stages)))},`,
      ...users,
    ]
  return [
    "executor: 'ramping-arrival-rate',",
    `startRate: ${rate(start)},`,
    `timeUnit: ${quoted(unit)},`,
    ...stageLines(stages.map((stage) => ({ ...stage, level: rate(stage.level) }))),
    ...users,
  ]
}

interface Stage {
  readonly forMs: number
  readonly level: number
}

/** A first stage of no length only says where to begin. */
function withoutLeaps(
  begin: number,
  all: readonly Stage[],
): { readonly start: number; readonly stages: readonly Stage[] } {
  let start = begin
  let at = 0
  while (at < all.length - 1 && all[at]!.forMs === 0) {
    start = all[at]!.level
    at += 1
  }
  return { start, stages: all.slice(at) }
}

function isFlat(start: number, stages: readonly Stage[]): boolean {
  return start > 0 && stages.every(({ level }) => level === start)
}

function lengthOf(stages: readonly Stage[]): number {
  return stages.reduce((sum, { forMs }) => sum + forMs, 0)
}

function stageLines(stages: readonly Stage[]): readonly string[] {
  return [
    'stages: [',
    ...indented(
      stages.map(({ forMs, level }) => `{ duration: ${quoted(k6Duration(forMs))}, target: ${level} },`),
    ),
    '],',
  ]
}

const UNITS = [
  { unit: '1s', seconds: 1 },
  { unit: '1m', seconds: 60 },
  { unit: '1h', seconds: 3600 },
] as const

/** k6 takes whole numbers only: half an arrival a second is thirty a minute. */
function timeUnit(rates: readonly number[]): { readonly unit: string; readonly seconds: number } {
  const isWhole = (value: number) => Math.abs(value - Math.round(value)) < 1e-6
  return UNITS.find(({ seconds }) => rates.every((rate) => isWhole(rate * seconds))) ?? UNITS[2]
}
