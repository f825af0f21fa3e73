// pgsteward load replay: sends a captured mix of statements to a database that may be loaded, and says what came of it.

import { resolve } from 'node:path'
import { loadConfig } from '../../app/config/load-config.ts'
import type { PreparedReplay } from '../../app/load/prepare-replay.ts'
import { bottleneckOf } from '../../app/load/run-load.ts'
import { replay } from '../../app/load/run-replay.ts'
import { saveRun } from '../../app/load/runs-folder.ts'
import { writeWholeFile } from '../../app/load/write-whole-file.ts'
import { ALL_CHECKS } from '../../checks/all.ts'
import { EXIT, StewardError } from '../../model/error.ts'
import { parseDuration } from '../../model/units.ts'
import { formatValue } from '../../report/format.ts'
import { loadReportText } from '../../report/load-report-text.ts'
import { oneOf } from '../arguments.ts'
import { CONFIG_OPTION, defineCommand, JSON_OPTION } from '../command.ts'
import { paint } from '../paint.ts'
import { plain } from '../render-check.ts'
import { renderError } from '../render-error.ts'
import { loadProgressLine } from '../render-load.ts'

const USAGE = 'load replay --workload FILE|--from URL --database URL'
const DEFAULTS = { for: '1m', 'warm-up': '5s', connections: 10, 'statement-timeout': '10s' } as const
const MOST_CONNECTIONS = 500
const MOST_LEFT_OUT = 10

export const loadReplay = defineCommand({
  name: 'load replay',
  usage: `${USAGE} [--model open|closed]`,
  summary: 'send a captured mix of statements to a database, read-only',
  description:
    'The statements of a workload file (pgsteward workload export) or of the pg_stat_statements of --from are sent to --database in ' +
    'their mix: open, at the rate at which they were seen times --factor, however long answers take; closed, by --connections as fast ' +
    'as they can. Values for their parameters are captured ones where the file has them, else those of rows drawn from the tables, and ' +
    "of the planner's statistics, so that plans and the cache behave as they would. Nothing is written: sessions are read-only and " +
    'bounded in time, statements that write or lock are left out, and the report says which share of calls and time that is. --from ' +
    'is only asked, so it may be production; --database is loaded, and has to be on a host that the configuration names under ' +
    'load.targets. Exit code 1 when the run must not be believed.',
  examples: [
    'pgsteward load replay --workload workload.json --database $STAGING_URL',
    'pgsteward load replay --from $DATABASE_URL --database $COPY_URL --factor 2 --for 5m',
    'pgsteward load replay --workload workload.json --database $COPY_URL --model closed --connections 20 --json',
  ],
  options: {
    workload: { type: 'string', short: 'w', example: 'FILE', help: 'JSON of workload export, or plain SQL' },
    from: { type: 'string', example: 'URL', help: 'the server whose pg_stat_statements is read' },
    database: { type: 'string', example: 'URL', help: 'the database to be loaded' },
    model: { type: 'string', example: 'open', help: 'open or closed (default open)' },
    factor: { type: 'string', example: '2', help: 'times the rate that was seen (open; default 1)' },
    connections: { type: 'string', example: '10', help: `default ${DEFAULTS.connections}` },
    for: { type: 'string', example: '5m', help: `how long is measured (default ${DEFAULTS.for})` },
    'warm-up': {
      type: 'string',
      example: '10s',
      help: `before that, not measured (default ${DEFAULTS['warm-up']})`,
    },
    'statement-timeout': {
      type: 'string',
      example: '10s',
      help: `the most that a statement may take (default ${DEFAULTS['statement-timeout']})`,
    },
    seed: { type: 'string', example: '1', help: 'what chance begins from (default 1)' },
    out: { type: 'string', short: 'o', example: 'FILE', help: 'write the run there too' },
    ...CONFIG_OPTION,
    ...JSON_OPTION,
  },
  async run(positionals, options, { terminal, cwd, env, signal }) {
    if (positionals.length > 0)
      throw new StewardError('usage', `"${positionals[0]}" is one argument too many`, {
        hint: `pgsteward ${USAGE}`,
      })
    const { workload, from, database } = options
    if ((workload === undefined) === (from === undefined))
      throw new StewardError('usage', workload === undefined ? 'which workload?' : 'one workload, please', {
        detail: '--workload names a file, --from a server whose pg_stat_statements is read: one of the two.',
        hint: `pgsteward ${USAGE}`,
      })
    if (database === undefined)
      throw new StewardError('usage', 'load on which database?', {
        detail: '--database is missing. It is loaded, so it is never taken from DATABASE_URL.',
        hint: `pgsteward ${USAGE}`,
      })
    const model = oneOf('--model', options.model, ['open', 'closed'], 'open')
    if (model === 'closed' && options.factor !== undefined)
      throw new StewardError('usage', '--factor does not fit --model closed', {
        detail: 'Closed connections send as fast as they are answered; there is no rate to multiply.',
        hint: 'Use --connections, or --model open.',
      })
    const factor = positive('--factor', options.factor, 1, 10_000)
    const connections = positive('--connections', options.connections, DEFAULTS.connections, MOST_CONNECTIONS)
    if (!Number.isInteger(connections))
      throw new StewardError('usage', `--connections ${options.connections} is no whole number`)
    const durationMs = time('--for', options.for ?? DEFAULTS.for)
    if (durationMs < 1000) throw new StewardError('usage', `--for ${options.for} is under a second`)
    const { config } = await loadConfig({
      checks: ALL_CHECKS,
      cwd,
      env,
      ...(options.config === undefined ? {} : { file: options.config }),
    })
    const warmUpMs = time('--warm-up', options['warm-up'] ?? DEFAULTS['warm-up'])
    let errors = 0
    const { run } = await replay({
      workload: workload === undefined ? { from: from! } : { file: resolve(cwd, workload) },
      databaseUrl: database,
      allowedTargets: config.load.targets,
      model,
      factor,
      connections,
      durationMs,
      warmUpMs,
      statementTimeoutMs: time(
        '--statement-timeout',
        options['statement-timeout'] ?? DEFAULTS['statement-timeout'],
      ),
      seed: positive('--seed', options.seed, 1, 2 ** 31 - 1),
      targetId: config.targets.find(({ url }) => url === database)?.id ?? null,
      env,
      cwd,
      signal,
      onPrepared: (prepared, perSecond) => terminal.note(preparedText(prepared, perSecond)),
      onMoment: (moment) => {
        errors += moment.errors
        terminal.progress(
          loadProgressLine('replay', moment, { plannedMs: warmUpMs + durationMs, warmUpMs, errors }),
        )
      },
    })
    let isKept = true
    try {
      terminal.note(`kept as ${await saveRun(resolve(cwd, config.load.dir), run)}\n`)
    } catch (error) {
      if (!(error instanceof StewardError)) throw error
      isKept = false
      terminal.note(renderError(error, terminal.isColoured))
    }
    if (options.out !== undefined)
      await writeWholeFile(resolve(cwd, options.out), `${JSON.stringify(run, null, 2)}\n`)
    if (options.json) terminal.out(`${JSON.stringify(run, null, 2)}\n`)
    else {
      terminal.out(loadReportText(run, bottleneckOf(run), paint(terminal.isColoured)))
      // nowhere else to leave it: a reader of standard output may keep it
      if (!isKept && options.out === undefined) terminal.out(`${JSON.stringify(run)}\n`)
    }
    if (run.invalid.length > 0 || run.ended !== 'completed') return EXIT.gate
    return isKept ? EXIT.clean : EXIT.usage
  },
})

function preparedText(prepared: PreparedReplay, perSecond: number | null): string {
  const { statements, leftOut, callsRatio, timeRatio } = prepared
  const share = `${formatValue(callsRatio, 'ratio')} of the calls${timeRatio === null ? '' : ` and ${formatValue(timeRatio, 'ratio')} of the time`}`
  const lines = [
    `${statements.length} statements are replayed: ${share}${perSecond === null ? '' : `, ${formatValue(perSecond, 'perSecond')}`}`,
    ...leftOut
      .slice(0, MOST_LEFT_OUT)
      .map(
        ({ id, summary, because, callsRatio: calls, timeRatio: time }) =>
          `left out: ${plain(`${summary === '' ? '' : `${summary}, `}${id}: ${because}`)} (${formatValue(calls, 'ratio')} of the calls${time === null ? '' : `, ${formatValue(time, 'ratio')} of the time`})`,
      ),
    ...(leftOut.length > MOST_LEFT_OUT ? [`and ${leftOut.length - MOST_LEFT_OUT} more`] : []),
  ]
  return `${lines.join('\n')}\n`
}

function time(option: string, text: string): number {
  const ms = parseDuration(text)
  if (ms !== null) return ms
  throw new StewardError('usage', `${option} ${text} is no duration`, { hint: "Write '30s', '5m' or '1h'." })
}

function positive(option: string, text: string | undefined, fallback: number, most: number): number {
  if (text === undefined) return fallback
  const value = Number(text)
  if (text.trim() !== '' && value > 0 && value <= most) return value
  throw new StewardError('usage', `${option} ${text} is not understood`, {
    hint: `A number above 0, at most ${most}.`,
  })
}
