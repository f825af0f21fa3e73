// pgsteward maintain plan and maintain run: maintenance of one database by somebody who is there, without a store and outside windows.

import { resolve } from 'node:path'
import { loadConfig } from '../../app/config/load-config.ts'
import { Journal } from '../../app/maintenance/journal.ts'
import { type Choice, planAtOnce } from '../../app/maintenance/plan-at-once.ts'
import { recoverAtOnce, runAtOnce } from '../../app/maintenance/run-at-once.ts'
import type { CheckRequest } from '../../app/run-check.ts'
import { selectChecks } from '../../app/select-checks.ts'
import { ALL_CHECKS } from '../../checks/all.ts'
import { EXIT } from '../../model/error.ts'
import type { MaintenanceRun } from '../../model/maintenance-at-once.ts'
import { formatDuration } from '../../report/format.ts'
import { durationOption, requireUrl } from '../arguments.ts'
import {
  CONFIG_OPTION,
  type CommandContext,
  defineCommand,
  JSON_OPTION,
  type OptionValues,
} from '../command.ts'
import { paint } from '../paint.ts'
import { planAtOnceLines, runAtOnceLines } from '../render-maintain-at-once.ts'

const PLAN_OPTIONS = {
  for: { type: 'string', example: '3m', help: 'watch this long before judging (default: one reading)' },
  every: { type: 'string', example: '10s', help: 'time between readings while watching (default 10s)' },
  finding: {
    type: 'string',
    multiple: true,
    example: 'KEY',
    help: 'also the remedy of this finding; may be given several times',
  },
  all: { type: 'boolean', help: 'also the remedies of all findings that pgsteward knows how to run' },
  ...CONFIG_OPTION,
  ...JSON_OPTION,
} as const

export const maintainPlan = defineCommand({
  name: 'maintain plan',
  usage: 'maintain plan URL [--finding KEY | --all]',
  summary: 'what maintenance would do to a database now, with the exact statements; nothing is changed',
  description:
    'Reads once (or watches, with --for), and lists the routine (ANALYZE of tables that changed, VACUUM of those with anything to clean) and ' +
    'the remedies of findings, each with its lock and its undo. What `maintain run` would run by itself, and what it would need to be told, is ' +
    'marked. Checks that need history are for `pgsteward watch`.',
  examples: ['pgsteward maintain plan $DATABASE_URL', 'pgsteward maintain plan $DATABASE_URL --all --json'],
  options: PLAN_OPTIONS,
  async run(positionals, options, context) {
    const { terminal } = context
    const url = requireUrl(positionals, context.env, 'maintain plan')
    const { request, config } = await requestOf(url, options, context)
    const { plan } = await planAtOnce(request, config.maintenance, choiceOf(options))
    terminal.out(
      options.json ? `${JSON.stringify(plan, null, 2)}\n` : planAtOnceLines(plan, paint(terminal.isColoured)),
    )
    return EXIT.clean
  },
})

export const maintainRun = defineCommand({
  name: 'maintain run',
  usage: 'maintain run URL [--finding KEY | --all] [--reason TEXT]',
  summary: 'do it now: the routine, and remedies that you name; by a role that may change things',
  description:
    'Runs what the configuration lets be done without asking (by default ANALYZE and VACUUM), and the remedies that were named. Every statement can ' +
    'be interrupted: it steps aside when somebody waits for it, what it leaves behind is removed, and it counts as done by its effect. Who ' +
    'decided, and what came of it, is kept in a journal; a run that was killed is judged by the next one, so nothing runs twice. Exit code 1 ' +
    'means that something was not done.',
  examples: [
    'pgsteward maintain run $MAINTENANCE_URL',
    'pgsteward maintain run $MAINTENANCE_URL --finding invalid-index:index/shop/public/by_day --reason "left by a deployment"',
  ],
  options: {
    within: { type: 'string', example: '1h', help: 'cancel what still runs after this long (default 1h)' },
    reason: { type: 'string', example: 'TEXT', help: 'why: the journal keeps it (default: run by hand)' },
    actor: { type: 'string', example: 'NAME', help: 'who decides (default: the USER of the environment)' },
    journal: {
      type: 'string',
      example: 'FOLDER',
      help: 'where decisions and results are kept (default .pgsteward/maintenance)',
    },
    ...PLAN_OPTIONS,
  },
  async run(positionals, options, context) {
    const { terminal, cwd, env, signal } = context
    const url = requireUrl(positionals, env, 'maintain run')
    const { request, config } = await requestOf(url, options, context)
    const journal = new Journal(resolve(cwd, options.journal ?? '.pgsteward/maintenance'), url)
    const now = () => new Date()
    const onProgress = (text: string) => terminal.progress(text)
    const recovered = await recoverAtOnce({ url, journal, now, onProgress })
    const { plan, jobs } = await planAtOnce(request, config.maintenance, choiceOf(options))
    const runs = await runAtOnce({
      url,
      jobs,
      config: config.maintenance,
      journal,
      actor: options.actor ?? env.USER ?? 'cli',
      reason: options.reason ?? 'run by hand',
      until: new Date(Date.now() + durationOption('--within', options.within, 3_600_000)),
      now,
      signal,
      onProgress,
    })
    const result: MaintenanceRun = { ...plan, recovered, runs, journal: journal.file }
    terminal.out(
      options.json
        ? `${JSON.stringify(result, null, 2)}\n`
        : runAtOnceLines(result, paint(terminal.isColoured)),
    )
    return isDone(result) ? EXIT.clean : EXIT.gate
  },
})

function isDone({ jobs, runs }: MaintenanceRun): boolean {
  const chosen = jobs.filter(({ isChosen }) => isChosen)
  return (
    runs.length === chosen.length &&
    runs.every(
      ({ steps }, at) =>
        steps.length === chosen[at]!.steps.length && steps.every(({ outcome }) => outcome === 'done'),
    )
  )
}

function choiceOf({
  finding,
  all,
}: {
  readonly finding?: readonly string[]
  readonly all?: boolean
}): Choice {
  return { findings: all === true ? 'all' : (finding ?? []) }
}

async function requestOf(
  url: string,
  options: OptionValues<typeof PLAN_OPTIONS>,
  { terminal, cwd, env, signal }: CommandContext,
) {
  const { config } = await loadConfig({
    checks: ALL_CHECKS,
    cwd,
    env,
    ...(options.config === undefined ? {} : { file: options.config }),
  })
  const { checks, options: checkOptions } = selectChecks(ALL_CHECKS, config)
  const request: CheckRequest = {
    url,
    checks,
    options: checkOptions,
    forMs: durationOption('--for', options.for, 0),
    everyMs: Math.max(1_000, durationOption('--every', options.every, 10_000)),
    now: () => new Date(),
    signal,
    onProgress: (elapsedMs, ofMs) =>
      terminal.progress(`watching: ${formatDuration(elapsedMs)} of ${formatDuration(ofMs)}`),
  }
  return { request, config }
}
