// A scenario as a script for k6: one readable file in TypeScript, which k6 runs as it is and which its owner may go on with by hand.

import type { Flow, Scenario } from '../../model/scenario.ts'
import type { Used } from './script-expression.ts'
import { SCRIPT_HELPERS, withNeeds } from './script-helpers.ts'
import { loadLines } from './script-load.ts'
import { type StepScope, stepLines } from './script-steps.ts'
import { CHANCE, inComment, indented, k6Duration, key, objectLiteral, quoted } from './script-text.ts'
import { isTellable, requestNames, thresholdLines } from './script-thresholds.ts'

export interface K6ScriptOptions {
  /** Used where the environment does not say TARGET. */
  readonly target: string
  /** Of the scenario, so that the script's origin can be told. */
  readonly hash?: string
  /** How the script is called, for the comment that says how to run it. */
  readonly fileName?: string
}

const TREND_STATS = ['min', 'avg', 'med', 'max', 'p(50)', 'p(90)', 'p(95)', 'p(99)', 'count']

export function k6Script(scenario: Scenario, options: K6ScriptOptions): string {
  const used: Used = { helpers: new Set(), env: new Set() }
  const idOf = idsOf(scenario)
  const flows = scenario.flows.map((flow, at) => flowParts(flow, at, scenario, used, idOf))
  const hasStart = flows.some(({ start }) => start !== null)
  const helpers = withNeeds(used.helpers)
  const code = [
    [`const TARGET = __ENV.TARGET || ${quoted(options.target)}`, ...environmentLines(used)],
    optionLines(scenario, idOf),
    ...(helpers.has('row') ? [dataLines(scenario)] : []),
    [
      '// the same in every run that is given the same SEED',
      'if (__ENV.SEED) randomSeed(Number(__ENV.SEED) * 100_003 + __VU)',
    ],
    ...(hasStart
      ? [
          [
            '/** What the steps before the first iteration found; k6 runs this file once for each virtual user. */',
            'const kept: Vars = {}',
          ],
        ]
      : []),
    iterationLines(flows),
    ...flows.flatMap(({ start, run }) => [...(start === null ? [] : [start.lines]), run.lines]),
    ...Object.entries(SCRIPT_HELPERS).flatMap(([name, { text }]) => (helpers.has(name) ? [[text]] : [])),
  ]
  const blocks = [headLines(scenario, options), importLines(helpers), ...typeLines(code.flat()), ...code]
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`
}

function typeLines(code: readonly string[]): readonly (readonly string[])[] {
  const isUsed = (name: string) => code.some((line) => new RegExp(`: ${name}\\b`).test(line))
  if (!isUsed('Vars') && !isUsed('Value')) return []
  return [
    [
      'type Value = string | number | boolean | null | undefined',
      ...(isUsed('Vars') ? ['type Vars = Record<string, Value>'] : []),
    ],
  ]
}

interface FlowParts {
  readonly weight: number
  readonly start: { readonly name: string; readonly lines: readonly string[] } | null
  readonly run: { readonly name: string; readonly lines: readonly string[] }
}

function flowParts(
  flow: Flow,
  at: number,
  scenario: Scenario,
  used: Used,
  idOf: StepScope['idOf'],
): FlowParts {
  const stem = stemOf(flow.name, at, scenario)
  const scope = {
    flow: flow.name,
    tables: new Set(Object.keys(scenario.data)),
    headers: scenario.headers,
    used,
    idOf,
  }
  const hasStart = scenario.flows.some(({ start }) => start.length > 0)
  const startName = `start${stem[0]!.toUpperCase()}${stem.slice(1)}`
  const start =
    flow.start.length === 0
      ? null
      : {
          name: startName,
          lines: [
            `/** ${inComment(flow.name).replaceAll('*/', '* /')}: once for each virtual user. False: it failed, and the next iteration tries again. */`,
            `function ${startName}(vars: Vars): boolean {`,
            ...indented(stepLines(flow.start, { ...scope, isStart: true })),
            '  return true',
            '}',
          ],
        }
  const steps = stepLines(flow.steps, { ...scope, isStart: false })
  const usesVars = steps.some((line) => line.includes('vars.') || line.includes('vars['))
  return {
    weight: flow.weight,
    start,
    run: {
      name: `${stem}Flow`,
      lines: [
        `function ${stem}Flow(): void {`,
        ...(usesVars ? [`  const vars: Vars = ${hasStart ? '{ ...kept }' : '{}'}`] : []),
        ...indented(steps),
        '}',
      ],
    },
  }
}

/** A name that a function may have, and no other flow has. */
function stemOf(name: string, at: number, { flows }: Scenario): string {
  const words = name.match(/[A-Za-z0-9]+/g) ?? []
  const stem = words
    .map((word, index) => (index === 0 ? word[0]!.toLowerCase() : word[0]!.toUpperCase()) + word.slice(1))
    .join('')
    .replace(/^\d+/, '')
  const same = flows.findIndex((flow) => flow.name.toLowerCase() === name.toLowerCase())
  const isPlain = /^[\w -]+$/.test(name) && stem !== '' && same === at
  return isPlain ? stem : `${stem === '' ? 'flow' : stem}${at + 1}`
}

function headLines(scenario: Scenario, { hash, fileName, target }: K6ScriptOptions): readonly string[] {
  const origin = hash === undefined ? '' : `, definition ${hash}`
  return [
    `// ${inComment(scenario.title)}`,
    ...(scenario.description === '' ? [] : [`// ${inComment(scenario.description)}`]),
    `// Made by pgsteward of the scenario "${scenario.id}"${origin}. Run it: k6 run -e TARGET=${inComment(target)} ${inComment(fileName ?? `${scenario.id}.ts`)}`,
    ...(scenario.warmUp > 0
      ? [
          `// The first ${k6Duration(scenario.warmUp)} are a warm-up: pgsteward leaves them out; k6's own summary and thresholds count them.`,
        ]
      : []),
  ]
}

function importLines(helpers: ReadonlySet<string>): readonly string[] {
  const core = ['check', 'randomSeed', 'sleep'].filter((name) => name === 'randomSeed' || helpers.has(name))
  return [
    `import { ${core.join(', ')} } from 'k6'`,
    ...(helpers.has('row') ? ["import { SharedArray } from 'k6/data'"] : []),
    ...(helpers.has('exec') ? ["import exec from 'k6/execution'"] : []),
    helpers.has('response') ? "import http, { type Response } from 'k6/http'" : "import http from 'k6/http'",
    "import type { Options } from 'k6/options'",
  ]
}

function environmentLines({ env }: Used): readonly string[] {
  if (env.size === 0) return []
  const names = [...env].sort()
  return [
    `/** Given by -e NAME=VALUE, and in no file. */`,
    `const env = ${objectLiteral(names.map((name) => [name, `__ENV.${name}`]))}`,
    'for (const [name, value] of Object.entries(env))',
    "  if (value === undefined) throw new Error(name + ' is not set: k6 run -e NAME=VALUE')",
  ]
}

function optionLines(scenario: Scenario, idOf: StepScope['idOf']): readonly string[] {
  const thresholds = thresholdLines(scenario, idOf)
  return [
    'export const options: Options = {',
    ...indented([
      'scenarios: {',
      ...indented([`${key(scenario.id)}: {`, ...indented([...loadLines(scenario)]), '},']),
      '},',
      ...(thresholds.length === 0 ? [] : ['thresholds: {', ...indented(thresholds), '},']),
      '// a virtual user keeps its cookies from one iteration to the next',
      'noCookiesReset: true,',
      'maxRedirects: 0,',
      '// bodies are kept where something is read from them',
      'discardResponseBodies: true,',
      `summaryTrendStats: [${TREND_STATS.map(quoted).join(', ')}],`,
      ...(Object.keys(scenario.tags).length === 0
        ? []
        : [
            `tags: ${objectLiteral(Object.entries(scenario.tags).map(([name, value]) => [name, quoted(value)]))},`,
          ]),
    ]),
    '}',
  ]
}

function dataLines({ data }: Scenario): readonly string[] {
  return [
    'type Row = Readonly<Record<string, string | number>>',
    'const data = {',
    ...Object.entries(data).flatMap(([table, rows]) =>
      indented([
        `${key(table)}: new SharedArray<Row>(${quoted(table)}, () => [`,
        ...indented(
          rows.map(
            (row) =>
              `${objectLiteral(Object.entries(row).map(([name, value]) => [name, typeof value === 'string' ? quoted(value) : String(value)]))},`,
          ),
        ),
        ']),',
      ]),
    ),
    '}',
  ]
}

function iterationLines(flows: readonly FlowParts[]): readonly string[] {
  const [only] = flows
  if (flows.length === 1 && only !== undefined) {
    if (only.start === null)
      return ['export default function iteration(): void {', `  ${only.run.name}()`, '}']
    return [
      'let isStarted = false',
      '',
      'export default function iteration(): void {',
      `  isStarted = isStarted || ${only.start.name}(kept)`,
      `  if (isStarted) ${only.run.name}()`,
      '}',
    ]
  }
  const total = flows.reduce((sum, { weight }) => sum + weight, 0)
  const hasStart = flows.some(({ start }) => start !== null)
  return [
    'const flows = [',
    ...flows.map(({ weight, start, run }) => {
      const started = hasStart
        ? `, start: ${start === null ? '() => true' : start.name}, isStarted: false`
        : ''
      return `  { weight: ${weight}, run: ${run.name}${started} },`
    }),
    ']',
    '',
    '/** One of the flows, by their weights. */',
    'export default function iteration(): void {',
    `  let left = ${CHANCE} * ${total}`,
    '  const flow = flows.find(({ weight }) => {',
    '    left -= weight',
    '    return left < 0',
    '  })',
    '  if (flow === undefined) return',
    ...(hasStart
      ? ['  flow.isStarted = flow.isStarted || flow.start(kept)', '  if (flow.isStarted) flow.run()']
      : ['  flow.run()']),
    '}',
  ]
}

/** Numbers for the names that a threshold of k6 could not tell. */
function idsOf(scenario: Scenario): StepScope['idOf'] {
  const names = requestNames(scenario).filter((name) => !isTellable(name))
  return (name) => {
    const at = names.indexOf(name)
    return at < 0 ? null : String(at + 1)
  }
}
