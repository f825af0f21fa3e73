// The steps of a flow as statements of the script: one block a request, as one would write it by hand.

import {
  isPause,
  isRequest,
  type RequestStep,
  type Step,
  type StepCheck,
  stepName,
} from '../../model/scenario.ts'
import { checkName, needsBody } from '../engine/step-checks.ts'
import {
  type ExpressionScope,
  jsonExpression,
  longJsonLines,
  textExpression,
  type Used,
} from './script-expression.ts'
import { CHANCE, inComment, indented, k6Duration, key, objectLiteral, quoted } from './script-text.ts'

/** The script's own constant, in its template literals. */
const TARGET = `\${TARGET}`

export interface StepScope {
  readonly flow: string
  readonly tables: ReadonlySet<string>
  /** Of every request. */
  readonly headers: Readonly<Record<string, string>>
  readonly used: Used
  /** In `start` steps a failure ends the function with `return false`. */
  readonly isStart: boolean
  /** Of steps whose name k6 could not tell in a threshold. */
  readonly idOf: (name: string) => string | null
}

export function stepLines(steps: readonly Step[], scope: StepScope, depth = 0): readonly string[] {
  return steps.flatMap((step) => {
    if (isPause(step)) return [pauseLine(step.pause, scope)]
    if (isRequest(step)) return requestLines(step, scope)
    return repeatLines(step.repeat, stepLines(step.steps, scope, depth + 1), scope, depth)
  })
}

function pauseLine(pause: number | readonly [number, number], { used }: StepScope): string {
  const [least, most] = typeof pause === 'number' ? [pause, pause] : pause
  if (least === most) {
    used.helpers.add('sleep')
    return `sleep(${least / 1000})`
  }
  used.helpers.add('think')
  return `think(${least / 1000}, ${most / 1000})`
}

function repeatLines(
  repeat: number | readonly [number, number],
  body: readonly string[],
  { used }: StepScope,
  depth: number,
): readonly string[] {
  const counter = `round${depth === 0 ? '' : depth + 1}`
  const [least, most] = typeof repeat === 'number' ? [repeat, repeat] : repeat
  if (least !== most) used.helpers.add('between')
  const times = least === most ? String(least) : `between(${least}, ${most})`
  return [`for (let ${counter} = ${times}; ${counter} > 0; ${counter} -= 1) {`, ...indented(body), '}']
}

function requestLines(step: RequestStep, scope: StepScope): readonly string[] {
  const name = stepName(step)
  const needed = new Set<string>()
  const expressions: ExpressionScope = { tables: scope.tables, used: scope.used, needed }
  const lines = callLines(step, name, scope, expressions)
  const conditions = conditionsOf(step, name, needed, scope)
  const head = conditions.length === 0 ? '{' : `if (${conditions.join(' && ')}) {`
  const isLost = scope.isStart && conditions.some((condition) => condition.startsWith('given('))
  return [`// ${inComment(name)}`, head, ...indented(lines), isLost ? '} else return false' : '}']
}

function callLines(
  step: RequestStep,
  name: string,
  scope: StepScope,
  expressions: ExpressionScope,
): readonly string[] {
  const extracts = Object.entries(step.extract)
  const isRead = extracts.length > 0 || step.checks.length > 0 || scope.isStart
  const wantsBody = step.checks.some(needsBody) || extracts.some(([, from]) => !('header' in from))
  const url = textExpression(step.path, expressions, uriOf(scope.used), TARGET)
  const body = bodyOf(step, expressions)
  const params = paramsOf(step, scope, expressions, wantsBody)
  const id = scope.idOf(name)
  const tags = [
    ['name', quoted(name)],
    ['feature', quoted(step.feature ?? scope.flow)],
    ['flow', quoted(scope.flow)],
    ...(id === null ? [] : [['step', quoted(id)] as const]),
  ] as const
  const call = callOf(step, url, body, params)
  return [
    `const tags = ${objectLiteral(tags)}`,
    ...(isRead ? [`const res = ${call[0]}`, ...call.slice(1)] : call),
    ...checkLines(step, name, scope),
    ...extracts.map(([variable, from]) => extractLine(step, variable, from, scope)),
    ...(scope.isStart ? [`if (!(${expectedCondition(step)})) return false`] : []),
  ]
}

function uriOf(used: Used) {
  return (expression: string) => {
    used.helpers.add('uri')
    return `uri(${expression})`
  }
}

const METHODS: Readonly<Record<RequestStep['method'], string>> = {
  GET: 'get',
  POST: 'post',
  PUT: 'put',
  PATCH: 'patch',
  DELETE: 'del',
  HEAD: 'head',
}

const WIDTH = 96

function callOf(
  step: RequestStep,
  url: string,
  body: readonly string[] | null,
  params: readonly string[],
): readonly string[] {
  const isBodyless = step.method === 'GET' || step.method === 'HEAD'
  const args: readonly (readonly string[])[] = [
    ...(isBodyless && body !== null ? [[quoted(step.method)]] : []),
    [url],
    ...(isBodyless && body === null ? [] : [body ?? ['null']]),
    [`{ ${params.join(', ')} }`],
  ]
  const open = isBodyless && body !== null ? 'http.request(' : `http.${METHODS[step.method]}(`
  const oneLine = `${open}${args.map(([line]) => line).join(', ')})`
  if (args.every(({ length }) => length === 1) && oneLine.length <= WIDTH) return [oneLine]
  const last = args.at(-1)!
  const broken = last[0]!.length <= WIDTH ? last : ['{', ...indented(params.map((each) => `${each},`)), '}']
  return [open, ...indented([...args.slice(0, -1), broken].flatMap(withComma)), ')']
}

function withComma(lines: readonly string[]): readonly string[] {
  return [...lines.slice(0, -1), `${lines.at(-1)},`]
}

function bodyOf(step: RequestStep, scope: ExpressionScope): readonly string[] | null {
  if (step.json !== undefined) {
    const oneLine = `JSON.stringify(${jsonExpression(step.json, scope)})`
    const lines = oneLine.length > WIDTH ? longJsonLines(step.json, scope) : null
    if (lines === null) return [oneLine]
    return [`JSON.stringify(${lines[0]}`, ...lines.slice(1, -1), `${lines.at(-1)})`]
  }
  if (step.form !== undefined)
    return [
      objectLiteral(Object.entries(step.form).map(([name, text]) => [name, textExpression(text, scope)])),
    ]
  return step.body === undefined ? null : [textExpression(step.body, scope)]
}

function paramsOf(
  step: RequestStep,
  scope: StepScope,
  expressions: ExpressionScope,
  wantsBody: boolean,
): readonly string[] {
  const headers = new Map<string, string>()
  const set = (name: string, text: string) => headers.set(name.toLowerCase(), text)
  if (step.json !== undefined) set('content-type', 'application/json')
  for (const [name, text] of [...Object.entries(scope.headers), ...Object.entries(step.headers)])
    set(name, text)
  return [
    'tags',
    ...(headers.size === 0
      ? []
      : [
          `headers: ${objectLiteral([...headers].map(([name, text]) => [name, textExpression(text, expressions)]))}`,
        ]),
    `timeout: ${quoted(k6Duration(step.timeout))}`,
    ...(step.expect === undefined
      ? []
      : [`responseCallback: http.expectedStatuses(${statusesOf(step).join(', ')})`]),
    ...(wantsBody ? ["responseType: 'text'"] : []),
  ]
}

function statusesOf({ expect }: RequestStep): readonly number[] {
  return expect === undefined ? [] : typeof expect === 'number' ? [expect] : expect
}

function expectedCondition(step: RequestStep): string {
  const statuses = statusesOf(step)
  if (statuses.length === 0) return 'res.status >= 200 && res.status < 400'
  return statuses.length === 1
    ? `res.status === ${statuses[0]}`
    : `[${statuses.join(', ')}].includes(res.status)`
}

function conditionsOf(
  step: RequestStep,
  name: string,
  needed: ReadonlySet<string>,
  { used }: StepScope,
): readonly string[] {
  const conditions: string[] = []
  if (step.chance < 1) conditions.push(`${CHANCE} < ${step.chance}`)
  if (step.needs !== undefined) {
    used.helpers.add('has')
    conditions.push(`has(vars${property(step.needs)})`)
  }
  const others = [...needed].filter((variable) => variable !== step.needs)
  if (others.length > 0) {
    used.helpers.add('given')
    conditions.push(`given(${quoted(name)}, { ${others.map((each) => `${each}: vars.${each}`).join(', ')} })`)
  }
  return conditions
}

function property(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? `.${name}` : `[${quoted(name)}]`
}

function checkLines(step: RequestStep, name: string, scope: StepScope): readonly string[] {
  if (step.checks.length === 0) return []
  scope.used.helpers.add('check')
  const checks = step.checks.map(
    (check) => `${key(checkName(check, name))}: (r) => ${checkExpression(check, scope)}`,
  )
  const oneLine = `check(res, { ${checks.join(', ')} }, tags)`
  if (checks.length === 1 && oneLine.length <= 100) return [oneLine]
  return ['check(', '  res,', '  {', ...checks.map((each) => `    ${each},`), '  },', '  tags,', ')']
}

function checkExpression(check: StepCheck, { used }: StepScope): string {
  const conditions: string[] = []
  if (check.status !== undefined) conditions.push(`r.status === ${check.status}`)
  if (check.header !== undefined) {
    used.helpers.add('header')
    conditions.push(`header(r, ${quoted(check.header)}) !== undefined`)
  }
  if (check.contains !== undefined) conditions.push(`String(r.body).includes(${quoted(check.contains)})`)
  if (check.json !== undefined) {
    used.helpers.add('at')
    const expected =
      check.equals === undefined
        ? '!== undefined'
        : `=== ${typeof check.equals === 'string' ? quoted(check.equals) : String(check.equals)}`
    conditions.push(`at(r, ${quoted(check.json)}) ${expected}`)
  }
  return conditions.length === 0 ? 'r.status > 0' : conditions.join(' && ')
}

function extractLine(
  step: RequestStep,
  variable: string,
  from: RequestStep['extract'][string],
  { used }: StepScope,
): string {
  const value = () => {
    if ('json' in from) {
      used.helpers.add('found')
      return `found(res, ${quoted(from.json)})`
    }
    if ('header' in from) {
      used.helpers.add('header')
      return `header(res, ${quoted(from.header)})`
    }
    return `new RegExp(${quoted(from.match)}).exec(String(res.body))?.[1]`
  }
  return `vars.${variable} = ${expectedCondition(step)} ? ${value()} : undefined`
}
