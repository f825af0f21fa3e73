// A scenario made ready to be run: flows as a row of operations with jumps, texts taken apart, what never changes made once.

import { StewardError } from '../../model/error.ts'
import type { Extraction, RequestStep, Scenario, Step, StepCheck } from '../../model/scenario.ts'
import { isPause, isRequest, stepName } from '../../model/scenario-step.ts'
import { loadMs } from './schedule.ts'
import { checkName, needsBody } from './step-checks.ts'
import { compileJson, compileTemplate, fixedText, type Template, type TemplateScope } from './template.ts'

/** What undici's dispatch takes. */
export interface RequestOptions {
  readonly path: string
  readonly method: RequestStep['method']
  /** Name, value, name, value. */
  readonly headers: string[]
  readonly body: Buffer | string | null
}

export interface RequestOp {
  readonly kind: 'request'
  /** Place of its endpoint among the series. */
  readonly series: number
  readonly method: RequestStep['method']
  /** When nothing in it ever changes; shared by all who send it. */
  readonly fixed: RequestOptions | null
  readonly path: Template
  readonly headers: readonly (readonly [name: string, value: Template])[]
  readonly body: Template | null
  /** By status: 1 is as expected. */
  readonly expected: Uint8Array
  readonly timeoutMs: number
  readonly extract: readonly (readonly [name: string, from: Extraction])[]
  readonly checks: readonly (readonly [index: number, check: StepCheck])[]
  readonly wantsBody: boolean
  readonly needs: string | null
  readonly chance: number
}

export type Op =
  | RequestOp
  | { readonly kind: 'pause'; readonly leastMs: number; readonly mostMs: number }
  /** `end`: the place behind the loop. */
  | { readonly kind: 'loop'; readonly least: number; readonly most: number; readonly end: number }
  | { readonly kind: 'again'; readonly start: number }

export interface CompiledFlow {
  readonly name: string
  readonly index: number
  /** The first flow with the same `start` steps: one sign-in does for all of them. */
  readonly startsAs: number
  readonly weight: number
  readonly start: readonly Op[]
  readonly steps: readonly Op[]
}

export interface CompiledScenario {
  readonly flows: readonly CompiledFlow[]
  readonly series: readonly { readonly name: string; readonly feature: string }[]
  readonly checks: readonly string[]
}

const AGENT = 'pgsteward-load'

/** Throws `scenario-invalid` with the field. Pure: each thread compiles for itself and comes to the same. */
export function compileScenario(scenario: Scenario): CompiledScenario {
  if (scenario.warmUp >= loadMs(scenario.load))
    throw new StewardError('scenario-invalid', 'warmUp: nothing would be left to measure', {
      detail: `It takes ${scenario.warmUp} ms of the ${loadMs(scenario.load)} ms that the stages last.`,
      hint: 'Shorten it, or lengthen the stages.',
    })
  const series: { name: string; feature: string }[] = []
  const checks: string[] = []
  const scope: TemplateScope = { tables: new Set(Object.keys(scenario.data)) }

  const numberOf = (list: string[], name: string) => {
    const at = list.indexOf(name)
    return at === -1 ? list.push(name) - 1 : at
  }
  const seriesOf = (step: RequestStep, flow: string) => {
    const name = stepName(step)
    const at = series.findIndex((each) => each.name === name)
    return at === -1 ? series.push({ name, feature: step.feature ?? flow }) - 1 : at
  }

  const request = (step: RequestStep, flow: string, where: string): RequestOp => {
    const headers = compileHeaders(scenario, step, scope, where)
    const path = compileTemplate(step.path, encodeURIComponent, scope, `${where}.path`)
    const body = compileBody(step, scope, where)
    const index = seriesOf(step, flow)
    const numbered = step.checks.map(
      (check) => [numberOf(checks, checkName(check, stepName(step))), check] as const,
    )
    return {
      kind: 'request',
      series: index,
      method: step.method,
      fixed: fixedOptions(step, path, headers, body),
      path,
      headers,
      body,
      expected: expectedStatuses(step.expect),
      timeoutMs: step.timeout,
      extract: Object.entries(step.extract).map(([name, from]) => [
        name,
        checked(from, `${where}.extract.${name}`),
      ]),
      checks: numbered,
      wantsBody:
        Object.values(step.extract).some((from) => !('header' in from)) ||
        step.checks.some((each) => needsBody(each)),
      needs: step.needs ?? null,
      chance: step.chance,
    }
  }
  const compile = (steps: readonly Step[], flow: string, where: string, ops: Op[]): readonly Op[] => {
    for (const [at, step] of steps.entries()) {
      if (isRequest(step)) ops.push(request(step, flow, `${where}.${at}`))
      else if (isPause(step)) {
        const [leastMs, mostMs] = typeof step.pause === 'number' ? [step.pause, step.pause] : step.pause
        ops.push({ kind: 'pause', leastMs, mostMs })
      } else {
        const [least, most] = typeof step.repeat === 'number' ? [step.repeat, step.repeat] : step.repeat
        const start = ops.push({ kind: 'loop', least, most, end: 0 }) - 1
        compile(step.steps, flow, `${where}.${at}.steps`, ops)
        ops.push({ kind: 'again', start })
        ops[start] = { kind: 'loop', least, most, end: ops.length }
      }
    }
    return ops
  }
  const starts = scenario.flows.map(({ start }) => JSON.stringify(start))
  const flows = scenario.flows.map(({ name, weight, start, steps }, index) => ({
    name,
    index,
    startsAs: starts.indexOf(starts[index]!),
    weight,
    start: compile(start, name, `flows.${index}.start`, []),
    steps: compile(steps, name, `flows.${index}.steps`, []),
  }))
  return { flows, series, checks }
}

function compileHeaders({ headers }: Scenario, step: RequestStep, scope: TemplateScope, where: string) {
  const all = new Map<string, readonly [string, Template]>([['user-agent', ['user-agent', [AGENT]]]])
  const type =
    step.json !== undefined
      ? 'application/json'
      : step.form !== undefined
        ? 'application/x-www-form-urlencoded'
        : null
  if (type !== null) all.set('content-type', ['content-type', [type]])
  for (const [name, text] of [...Object.entries(headers), ...Object.entries(step.headers)]) {
    if (!/^[!#$%&'*+\-.^_`|~\w]+$/.test(name))
      throw new StewardError(
        'scenario-invalid',
        `${where}.headers: ${JSON.stringify(name)} is no name of a header`,
      )
    all.set(name.toLowerCase(), [
      name,
      compileTemplate(text, (each) => each, scope, `${where}.headers.${name}`),
    ])
  }
  return [...all.values()]
}

function compileBody(step: RequestStep, scope: TemplateScope, where: string): Template | null {
  if (step.json !== undefined) return compileJson(step.json, scope, `${where}.json`)
  if (step.form !== undefined)
    return Object.entries(step.form).flatMap(([name, text], at) => [
      `${at > 0 ? '&' : ''}${encodeURIComponent(name)}=`,
      ...compileTemplate(text, encodeURIComponent, scope, `${where}.form.${name}`).map((part) =>
        typeof part === 'string' ? encodeURIComponent(part) : part,
      ),
    ])
  return step.body === undefined ? null : compileTemplate(step.body, (each) => each, scope, `${where}.body`)
}

function fixedOptions(
  { method }: RequestStep,
  path: Template,
  headers: readonly (readonly [string, Template])[],
  body: Template | null,
): RequestOptions | null {
  const fixedPath = fixedText(path)
  const fixedHeaders = headers.flatMap(([name, value]) => [name, fixedText(value)])
  const fixedBody = body === null ? null : joinedText(body)
  if (fixedPath === null || (body !== null && fixedBody === null)) return null
  if (fixedHeaders.some((each) => each === null)) return null
  return {
    path: fixedPath,
    method,
    headers: fixedHeaders as string[],
    body: fixedBody === null ? null : Buffer.from(fixedBody),
  }
}

function joinedText(template: Template): string | null {
  return template.every((part) => typeof part === 'string') ? template.join('') : null
}

function expectedStatuses(expect: RequestStep['expect']): Uint8Array {
  const expected = new Uint8Array(1000)
  if (expect === undefined) expected.fill(1, 200, 400)
  else for (const status of [expect].flat()) expected[status] = 1
  return expected
}

function checked(from: Extraction, where: string): Extraction {
  if (!('match' in from)) return from
  try {
    new RegExp(from.match)
  } catch (cause) {
    throw new StewardError('scenario-invalid', `${where}.match is no regular expression`, {
      detail: (cause as Error).message,
      cause,
    })
  }
  return from
}
