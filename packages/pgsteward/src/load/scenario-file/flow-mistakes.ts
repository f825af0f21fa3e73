// Mistakes within the flows of a scenario that its schema cannot see: variables that nothing extracts, spans the wrong way round,
// patterns that are none.

import { nearestName } from '../../model/nearest-name.ts'
import {
  type Flow,
  isPause,
  isRequest,
  type RequestStep,
  type Scenario,
  type Step,
} from '../../model/scenario.ts'
import { type Mistake, meant } from './mistake.ts'
import type { Path } from './place-in-source.ts'
import { placeholderProblems } from './placeholders.ts'

export function flowMistakes(scenario: Scenario): readonly Mistake[] {
  const names = scenario.flows.map(({ name }) => name)
  return scenario.flows.flatMap((flow, index) => {
    const path: Path = ['flows', index]
    const reader = new FlowReader(scenario, flow)
    const mistakes: Mistake[] = [
      ...reader.read(flow.start, [...path, 'start']),
      ...reader.read(flow.steps, [...path, 'steps']),
    ]
    if (names.indexOf(flow.name) < index)
      mistakes.push({ path: [...path, 'name'], message: `"${flow.name}" is the name of an earlier flow` })
    if (!flow.steps.some(hasRequest))
      mistakes.push({
        path: [...path, 'steps'],
        message: 'no step is a request: expected at least one with a path',
      })
    return mistakes
  })
}

function hasRequest(step: Step): boolean {
  if (isRequest(step)) return true
  return !isPause(step) && step.steps.some(hasRequest)
}

class FlowReader {
  /** Extracted by an earlier step. */
  private readonly variables = new Set<string>()
  /** Extracted by any step: a step that `needs` one may stand before the one that extracts it. */
  private readonly everExtracted: ReadonlySet<string>
  private readonly scenario: Scenario

  constructor(scenario: Scenario, flow: Flow) {
    this.scenario = scenario
    this.everExtracted = new Set(extractedBy([...flow.start, ...flow.steps]))
  }

  read(steps: readonly Step[], path: Path): Mistake[] {
    return steps.flatMap((step, index) => this.readStep(step, [...path, index]))
  }

  private readStep(step: Step, path: Path): Mistake[] {
    if (isPause(step)) return spanMistakes(step.pause, [...path, 'pause'])
    if (isRequest(step)) return this.readRequest(step, path)
    // a later round sees what an earlier one extracted, the first does not
    return [...spanMistakes(step.repeat, [...path, 'repeat']), ...this.read(step.steps, [...path, 'steps'])]
  }

  private readRequest(step: RequestStep, path: Path): Mistake[] {
    const known = step.needs === undefined ? this.variables : new Set([...this.variables, step.needs])
    const mistakes: Mistake[] = textsOf(step).flatMap(({ at, text }) =>
      placeholderProblems(text, known, this.scenario.data).map((message) => ({
        path: [...path, ...at],
        message,
      })),
    )
    if (step.needs !== undefined && !this.everExtracted.has(step.needs)) {
      const all = [...this.everExtracted]
      mistakes.push({
        path: [...path, 'needs'],
        message: `no step of this flow extracts "${step.needs}"${meant(nearestName(step.needs, all))}${all.length === 0 ? '' : ` (extracted: ${all.join(', ')})`}`,
      })
    }
    mistakes.push(...shapeMistakes(step, path))
    for (const name of Object.keys(step.extract)) this.variables.add(name)
    return mistakes
  }
}

function extractedBy(steps: readonly Step[]): readonly string[] {
  return steps.flatMap((step) => {
    if (isRequest(step)) return Object.keys(step.extract)
    return isPause(step) ? [] : extractedBy(step.steps)
  })
}

function shapeMistakes(step: RequestStep, path: Path): Mistake[] {
  const mistakes: Mistake[] = []
  const bodies = (['json', 'form', 'body'] as const).filter((key) => step[key] !== undefined)
  if (bodies.length > 1)
    mistakes.push({
      path: [...path, bodies[1]!],
      message: `one request has one body, and "${bodies[0]}" is given already`,
    })
  if (bodies.length > 0 && (step.method === 'GET' || step.method === 'HEAD'))
    mistakes.push({
      path: [...path, bodies[0]!],
      message: `a ${step.method} has no body; expected another method`,
    })
  for (const [name, extraction] of Object.entries(step.extract)) {
    const problem = 'match' in extraction ? patternProblem(extraction.match) : null
    if (problem !== null) mistakes.push({ path: [...path, 'extract', name, 'match'], message: problem })
  }
  for (const [index, check] of step.checks.entries()) {
    const at = [...path, 'checks', index]
    const asked = [check.status, check.json, check.contains, check.header].filter(
      (each) => each !== undefined,
    )
    if (asked.length === 0)
      mistakes.push({ path: at, message: 'asks for nothing: expected status, json, contains or header' })
    if (check.equals !== undefined && check.json === undefined)
      mistakes.push({ path: [...at, 'equals'], message: 'needs "json": the path of what has to be equal' })
  }
  return mistakes
}

function patternProblem(pattern: string): string | null {
  try {
    // an empty alternative always matches, so the groups can be counted
    const groups = new RegExp(`${pattern}|`).exec('')!.length - 1
    return groups > 0 ? null : 'has no group: expected one pair of parentheses around what is extracted'
  } catch (error) {
    return `is no regular expression: ${(error as Error).message}`
  }
}

function spanMistakes(span: number | readonly [number, number], path: Path): Mistake[] {
  return typeof span === 'number' || span[0] <= span[1]
    ? []
    : [{ path, message: 'the smaller of the two comes first' }]
}

interface PlacedText {
  readonly at: Path
  readonly text: string
}

function textsOf({ path, headers, json, form, body }: RequestStep): readonly PlacedText[] {
  return [
    { at: ['path'], text: path },
    ...deepTexts(headers, ['headers']),
    ...deepTexts(json, ['json']),
    ...deepTexts(form, ['form']),
    ...deepTexts(body, ['body']),
  ]
}

export function deepTexts(value: unknown, at: Path): readonly PlacedText[] {
  if (typeof value === 'string') return [{ at, text: value }]
  if (Array.isArray(value)) return value.flatMap((each, index) => deepTexts(each, [...at, index]))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, each]) => deepTexts(each, [...at, key]))
}
