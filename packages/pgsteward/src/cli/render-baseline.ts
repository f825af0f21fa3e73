// Baselines for people in a terminal: the list, and one of them in full.

import { relative } from 'node:path'
import type { BaselineView } from '../app/baseline/baseline-view.ts'
import type { ListedBaselines } from '../app/baseline/list-baselines.ts'
import { ALL_REQUESTS } from '../model/load-run.ts'
import { formatBytes, formatDuration, formatValue } from '../report/format.ts'
import { type Align, textTable } from '../report/text-table.ts'
import type { Terminal } from './command.ts'
import { paint } from './paint.ts'
import { plain } from './render-check.ts'
import { shownMoment } from './shown-moment.ts'

type Colours = Pick<Terminal, 'isColoured'>

export function renderBaselines(
  { baselines, damaged }: ListedBaselines,
  cwd: string,
  terminal: Colours,
): string {
  const { bold, dim, green, yellow } = paint(terminal.isColoured)
  if (baselines.length === 0 && damaged.length === 0)
    return [
      'There is no baseline yet. From runs on the main branch:',
      '  pgsteward load run SCENARIO --target URL        ten times, on different days best',
      '  pgsteward baseline create --from SCENARIO',
      '  pgsteward baseline promote benchmarks/SCENARIO-candidate.json --reason "the first"',
      '',
    ].join('\n')
  const rows = baselines.map(({ path, isActive, status, scenario, runs, to, all, promoted }) => [
    isActive ? green('active') : status === 'candidate' ? yellow(status) : dim(status),
    plain(relative(cwd, path)),
    plain(scenario.id),
    `${runs}`,
    duration(all?.p50Ms),
    duration(all?.p95Ms),
    duration(all?.p99Ms),
    to.slice(0, 10),
    promoted === null ? '' : dim(plain(`${promoted.at.slice(0, 10)} by ${promoted.by}: ${promoted.reason}`)),
  ])
  const head = ['', 'file', 'scenario', 'runs', 'p50', 'p95', 'p99', 'last run', 'promoted'].map(bold)
  return `${[
    ...textTable(
      [head, ...rows],
      ['left', 'left', 'left', 'right', 'right', 'right', 'right', 'left', 'left'],
      '',
    ),
    ...damaged.map(({ path, because }) =>
      yellow(plain(`cannot be read: ${relative(cwd, path)}: ${because}`)),
    ),
  ].join('\n')}\n`
}

const SERIES: readonly Align[] = [
  'left',
  'right',
  'right',
  'right',
  'right',
  'right',
  'right',
  'right',
  'right',
]
const SHOWN_CAUSES = 3

export function renderBaseline(view: BaselineView, terminal: Colours & Pick<Terminal, 'width'>): string {
  const { bold, dim, yellow } = paint(terminal.isColoured)
  const { scenario, engine, environment, promoted, series, runs, statements, bottlenecks } = view
  const floorOf = (name: string) =>
    view.noise.find((each) => each.series === name && each.quantile === 'p95')?.logRatio
  const lines = [
    `${bold(plain(view.name))}  ${view.status}, scenario ${plain(scenario.id)} (${scenario.model} model${scaleWords(scenario)}), ${engine.name} engine ${engine.version}`,
    promoted === null
      ? dim(`created ${shownMoment(view.createdAt)}, never promoted`)
      : dim(plain(`promoted ${shownMoment(promoted.at)} by ${promoted.by}: ${promoted.reason}`)),
    dim(
      plain(
        `host ${environment.hostClass}: ${environment.cpu}, ${environment.cores} cores, ${formatBytes(environment.memoryBytes)}${environment.runner === null ? '' : `, ${environment.runner}`}`,
      ),
    ),
    ...(environment.postgres === null
      ? []
      : [
          dim(
            `PostgreSQL ${Math.floor(environment.postgres.versionNum / 10_000)}.${environment.postgres.versionNum % 10_000}, ${formatBytes(environment.postgres.dataBytes)} of data, settings ${environment.postgres.settingsHash}, schema ${environment.postgres.schemaHash}`,
          ),
        ]),
    '',
    ...textTable(
      [
        ['endpoint', 'requests', 'errors', 'p50', 'p95', 'p99', 'max', 'runs differ', 'noise'].map(bold),
        ...series.map(({ name, count, errors, p50Ms, p95Ms, p99Ms, maxMs, strayRatio }) => [
          name === ALL_REQUESTS ? bold('all') : plain(name),
          count.toLocaleString('en-US'),
          errors === 0 ? '-' : formatValue(errors / count, 'ratio'),
          duration(p50Ms),
          duration(p95Ms),
          duration(p99Ms),
          duration(maxMs),
          strayRatio === null ? '-' : `± ${formatValue(strayRatio, 'ratio')}`,
          floorOf(name) === undefined ? '-' : formatValue(Math.exp(floorOf(name)!) - 1, 'ratio'),
        ]),
      ],
      SERIES,
      '',
    ),
    dim(
      'runs differ: standard deviation of their p95; noise: what identical runs differ by at most, 19 times of 20',
    ),
  ]
  if (statements.length > 0)
    lines.push(
      '',
      bold('Statements of the last run'),
      ...textTable(
        statements.map(({ brief, route, msPerCall, callsPerRequest, share }) => [
          formatValue(share, 'ratio'),
          `${formatDuration(msPerCall)} a call`,
          `${formatValue(callsPerRequest)} a request`,
          plain(cut(brief, Math.max(40, terminal.width - 50 - (route?.length ?? 0)))),
          dim(plain(route ?? '')),
        ]),
        ['right', 'right', 'right', 'left', 'left'],
      ),
    )
  if (bottlenecks.length > 0)
    lines.push(
      '',
      bold('Bottleneck of the last run'),
      ...bottlenecks.slice(0, SHOWN_CAUSES).map(({ summary }) => `  ${plain(summary)}`),
    )
  lines.push(
    '',
    bold(`${runs.length} ${runs.length === 1 ? 'run' : 'runs'}, the newest first`),
    ...textTable(
      runs.map(({ id, startedAt, git, requests, p95Ms, hostBusyRatio }) => [
        shownMoment(startedAt),
        plain(id),
        git === null ? '' : `${git.sha.slice(0, 10)}${git.isClean ? '' : ' with changes'}`,
        `${requests.toLocaleString('en-US')} requests`,
        `p95 ${duration(p95Ms)}`,
        hostBusyRatio === null
          ? ''
          : hostBusyRatio >= 0.9
            ? yellow(busy(hostBusyRatio))
            : busy(hostBusyRatio),
      ]),
      ['left', 'left', 'left', 'right', 'right', 'left'],
    ),
  )
  return `${lines.join('\n')}\n`
}

function busy(ratio: number): string {
  return `host ${formatValue(Math.round(ratio * 100) / 100, 'ratio')} busy`
}

function scaleWords({ timeScale, loadScale }: BaselineView['scenario']): string {
  return `${timeScale === 1 ? '' : `, time x ${timeScale}`}${loadScale === 1 ? '' : `, load x ${loadScale}`}`
}

function duration(ms: number | null | undefined): string {
  return ms === null || ms === undefined ? '-' : formatDuration(ms)
}

function cut(text: string, most: number): string {
  const line = text.replace(/\s+/g, ' ')
  return line.length <= most ? line : `${line.slice(0, most - 1)}…`
}
