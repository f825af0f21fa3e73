// Mistakes of a whole scenario that its schema cannot see: load that is none, thresholds of what does not exist.

import { nearestName } from '../../model/nearest-name.ts'
import {
  isPause,
  isRequest,
  LATENCY_METRICS,
  type Scenario,
  type Step,
  stepName,
  type Threshold,
} from '../../model/scenario.ts'
import { deepTexts, flowMistakes } from './flow-mistakes.ts'
import { type Mistake, meant } from './mistake.ts'
import { placeholderProblems } from './placeholders.ts'

export function scenarioMistakes(scenario: Scenario): readonly Mistake[] {
  return [
    ...loadMistakes(scenario),
    ...deepTexts(scenario.headers, ['headers']).flatMap(({ at, text }) =>
      placeholderProblems(text, new Set(), scenario.data).map((message) => ({ path: at, message })),
    ),
    ...flowMistakes(scenario),
    ...thresholdMistakes(scenario),
  ]
}

function loadMistakes({ load, warmUp }: Scenario): readonly Mistake[] {
  const mistakes: Mistake[] = []
  for (const [index, stage] of load.stages.entries())
    if (stage.for === 0)
      mistakes.push({
        path: ['load', 'stages', index, 'for'],
        message: `a stage takes time: expected more than 0; ${load.model === 'closed' ? 'startUsers' : 'startPerSecond'} says where the first begins`,
      })
  const totalMs = load.stages.reduce((sum, stage) => sum + stage.for, 0)
  const most =
    load.model === 'closed'
      ? Math.max(load.startUsers, ...load.stages.map(({ users }) => users))
      : Math.max(load.startPerSecond, ...load.stages.map(({ perSecond }) => perSecond))
  if (most === 0)
    mistakes.push({
      path: ['load', 'stages'],
      message: `is no load: expected a stage with more than 0 ${load.model === 'closed' ? 'users' : 'arrivals per second'}`,
    })
  if (totalMs > 0 && warmUp >= totalMs)
    mistakes.push({
      path: ['warmUp'],
      message: `takes ${warmUp / 1000} s, and all stages together ${totalMs / 1000} s: nothing would be measured`,
    })
  return mistakes
}

function thresholdMistakes(scenario: Scenario): readonly Mistake[] {
  const known = [...namesOf(scenario)]
  return scenario.thresholds.flatMap((threshold, index) => {
    const mistakes = boundMistakes(threshold, index)
    const { of } = threshold
    if (of !== undefined && !known.includes(of))
      mistakes.push({
        path: ['thresholds', index, 'of'],
        message: `no step or feature is called "${of}"${meant(nearestName(of, known))} (known: ${known.join(', ')})`,
      })
    return mistakes
  })
}

function boundMistakes({ metric, below, above }: Threshold, index: number): Mistake[] {
  const path = ['thresholds', index] as const
  if (below === undefined && above === undefined)
    return [{ path, message: 'expected "below" or "above": what is allowed' }]
  const isRatio = !(LATENCY_METRICS as readonly string[]).includes(metric) && metric !== 'requestsPerSecond'
  return [['below', below] as const, ['above', above] as const].flatMap(([key, bound]) =>
    isRatio && bound !== undefined && bound > 1
      ? [{ path: [...path, key], message: `${metric} is a ratio: expected 0 to 1 (0.01 is one percent)` }]
      : [],
  )
}

/** Steps and features, as results name them. */
function namesOf(scenario: Scenario): ReadonlySet<string> {
  return new Set(
    scenario.flows.flatMap((flow) =>
      [...flow.start, ...flow.steps].flatMap((step) => stepNames(step, flow.name)),
    ),
  )
}

function stepNames(step: Step, flow: string): readonly string[] {
  if (isRequest(step)) return [stepName(step), step.feature ?? flow]
  return isPause(step) ? [] : step.steps.flatMap((each) => stepNames(each, flow))
}
