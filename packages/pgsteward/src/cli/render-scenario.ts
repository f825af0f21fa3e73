// Scenarios for people in a terminal: the list, and one with its flows.

import {
  isPause,
  isRequest,
  LATENCY_METRICS,
  type RequestStep,
  type Scenario,
  type Step,
  stepName,
  type Threshold,
} from '../model/scenario.ts'
import { formatDuration, formatValue } from '../report/format.ts'
import { textTable } from '../report/text-table.ts'
import type { Terminal } from './command.ts'
import { paint } from './paint.ts'
import { plain } from './render-check.ts'

export function renderScenarioList(
  scenarios: readonly Scenario[],
  profiles: Readonly<Record<string, number>>,
  { isColoured }: Pick<Terminal, 'isColoured'>,
): string {
  const { bold, dim } = paint(isColoured)
  const rows = scenarios.map((each) => [
    bold(each.id),
    formatDuration(durationMs(each)),
    loadText(each),
    each.flows.map(({ name }) => name).join(', '),
    dim(each.title),
  ])
  return [
    'Built in, for the reference application:',
    '',
    ...textTable(rows, ['left', 'right', 'left', 'left', 'left']),
    '',
    `With other numbers of users: ${Object.entries(profiles)
      .map(([name, users]) => `load@${name} (${users})`)
      .join(', ')}.`,
    'A scenario of your own is a .ts, .mjs or .json file; docs/guides/load.md shows a complete one.',
    dim(
      'pgsteward load run smoke --target http://127.0.0.1:3000 --scale 0.1 runs one in a tenth of its time.',
    ),
    '',
  ].join('\n')
}

export function renderScenario(scenario: Scenario, { isColoured }: Pick<Terminal, 'isColoured'>): string {
  const { bold, dim } = paint(isColoured)
  const { flows, thresholds, data, warmUp } = scenario
  const allWeights = flows.reduce((sum, { weight }) => sum + weight, 0)
  const tables = Object.entries(data).map(
    ([name, rows]) =>
      `${name} (${rows.length} ${rows.length === 1 ? 'row' : 'rows'}: ${Object.keys(rows[0]!).join(', ')})`,
  )
  const lines = [
    `${bold(scenario.id)}  ${plain(scenario.title)}`,
    ...(scenario.description === '' ? [] : [plain(scenario.description)]),
    '',
    `${dim('takes')}  ${formatDuration(durationMs(scenario))}${warmUp === 0 ? '' : `, the first ${formatDuration(warmUp)} not measured`}`,
    `${dim('load')}   ${loadText(scenario)}, ${scenario.load.model} model`,
    ...(tables.length === 0 ? [] : [`${dim('data')}   ${tables.join('; ')}`]),
    ...flows.flatMap((flow) => [
      '',
      `${bold(flow.name)}  ${dim(`${formatValue(flow.weight / allWeights, 'ratio')} of iterations`)}`,
      ...(flow.start.length === 0
        ? []
        : [dim('  once for each user'), ...stepLines(flow.start, '    '), dim('  each time')]),
      ...stepLines(flow.steps, flow.start.length === 0 ? '  ' : '    '),
    ]),
    ...(thresholds.length === 0
      ? []
      : ['', bold('thresholds'), ...thresholds.map((each) => `  ${plain(thresholdText(each))}`)]),
  ]
  return `${lines.join('\n')}\n`
}

export function durationMs({ load }: Scenario): number {
  return load.stages.reduce((sum, stage) => sum + stage.for, 0)
}

/** The most that it comes to. */
export function mostLoad({ load }: Scenario): { readonly users?: number; readonly perSecond?: number } {
  return load.model === 'closed'
    ? { users: Math.max(load.startUsers, ...load.stages.map(({ users }) => users)) }
    : { perSecond: Math.max(load.startPerSecond, ...load.stages.map(({ perSecond }) => perSecond)) }
}

function loadText(scenario: Scenario): string {
  const { load } = scenario
  const { users, perSecond } = mostLoad(scenario)
  if (load.model === 'open')
    return load.startPerSecond === perSecond
      ? `${perSecond} arrivals/s`
      : `${load.startPerSecond} to ${perSecond} arrivals/s`
  return load.startUsers === users ? `${users} users` : `${load.startUsers} to ${users} users`
}

function stepLines(steps: readonly Step[], indent: string): readonly string[] {
  return steps.flatMap((step) => {
    if (isPause(step)) return [`${indent}wait ${spanText(step.pause, formatDuration)}`]
    if (isRequest(step)) return [`${indent}${plain(stepName(step))}${remarks(step)}`]
    return [`${indent}${spanText(step.repeat, String)} times`, ...stepLines(step.steps, `${indent}  `)]
  })
}

function remarks({ chance, needs, feature }: RequestStep): string {
  const found = [
    ...(feature === undefined ? [] : [`feature ${feature}`]),
    ...(chance === 1 ? [] : [`in ${formatValue(chance, 'ratio')}`]),
    ...(needs === undefined ? [] : [`needs ${needs}`]),
  ]
  return found.length === 0 ? '' : `  (${found.join(', ')})`
}

function spanText(span: number | readonly [number, number], format: (value: number) => string): string {
  if (typeof span === 'number') return format(span)
  return span[0] === span[1] ? format(span[0]) : `${format(span[0])} to ${format(span[1])}`
}

function thresholdText({ metric, of, below, above, stop }: Threshold): string {
  const isLatency = (LATENCY_METRICS as readonly string[]).includes(metric)
  const bound = (value: number) =>
    formatValue(value, isLatency ? 'ms' : metric === 'requestsPerSecond' ? 'perSecond' : 'ratio')
  return [
    `${metric}${of === undefined ? '' : ` of ${of}`}`,
    ...(below === undefined ? [] : [`below ${bound(below)}`]),
    ...(above === undefined ? [] : [`above ${bound(above)}`]),
    ...(stop ? ['or the run ends'] : []),
  ].join(' ')
}
