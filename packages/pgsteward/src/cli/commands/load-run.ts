// pgsteward load run: puts a scenario's load on an application that may be loaded, and says what came of it.

import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { loadConfig } from '../../app/config/load-config.ts'
import { compareFiles } from '../../app/gate/compare-files.ts'
import { isGateReached, policyOf } from '../../app/gate/read-gate-policy.ts'
import { findReporter } from '../../app/load/find-reporter.ts'
import { findScenario, loadProfiles } from '../../app/load/find-scenarios.ts'
import { readRunFile } from '../../app/load/read-run-file.ts'
import { bottleneckOf, RUN_ENGINES, runLoad } from '../../app/load/run-load.ts'
import { saveRun } from '../../app/load/runs-folder.ts'
import { writeWholeFile } from '../../app/load/write-whole-file.ts'
import { ALL_CHECKS } from '../../checks/all.ts'
import { EXIT, StewardError } from '../../model/error.ts'
import type { LoadRun } from '../../model/load-run.ts'
import { comparisonText } from '../../report/comparison-text.ts'
import { loadReportText } from '../../report/load-report-text.ts'
import { oneOf } from '../arguments.ts'
import { CONFIG_OPTION, defineCommand, JSON_OPTION, type Terminal } from '../command.ts'
import { scalesOf } from '../load-scales.ts'
import { paint } from '../paint.ts'
import { renderError } from '../render-error.ts'
import { loadProgressLine } from '../render-load.ts'

const USAGE = 'load run SCENARIO --target URL'
const PROFILE_NAMES = Object.keys(loadProfiles)
const MOST_THREADS = 64

export const loadRun = defineCommand({
  name: 'load run',
  usage: `${USAGE} [--scale 0.1] [--engine node|k6]`,
  summary: 'run a load scenario and report latencies, errors and the bottleneck',
  description:
    'SCENARIO is one of pgsteward load scenarios, or a file (.ts, .mjs, .js, .json). Only addresses that the configuration names under ' +
    'load.targets are loaded; the default is this machine. Latencies count from when a request should have begun, so a target that ' +
    'stalls is seen as its users see it. --scale shortens the stages and lowers users or rate by one factor, --time-scale and ' +
    '--users-scale by one each; a stage keeps at least a second, and a scenario at least one user; think times stay as they are. With ' +
    '--database, what the database did meanwhile is kept beside the figures, and the bottleneck is named from both. Runs are kept in ' +
    'load.dir (.pgsteward/runs). Ctrl-C ends a run and keeps what it has measured. Exit code 1 when a threshold is crossed, when the ' +
    'run must not be believed (arrivals dropped, generator starved, too many errors, interrupted: it says which), and when --baseline ' +
    'shows it slower.',
  examples: [
    'pgsteward load run smoke --target http://127.0.0.1:3000 --scale 0.1',
    'pgsteward load run load --target http://127.0.0.1:3000 --database $DATABASE_URL',
    'pgsteward load run load/shop.ts --target http://127.0.0.1:3000 --profile peak --time-scale 0.1 --json',
  ],
  options: {
    target: { type: 'string', short: 't', example: 'URL', help: 'scheme, host and port of the application' },
    engine: { type: 'string', example: 'ENGINE', help: `${RUN_ENGINES.join(', ')} (default node, built in)` },
    scale: { type: 'string', example: '0.1', help: 'factor on time and on users or rate' },
    'time-scale': { type: 'string', example: '0.1', help: 'factor on time alone' },
    'users-scale': { type: 'string', example: '2', help: 'factor on users or rate alone' },
    profile: {
      type: 'string',
      example: 'NAME',
      help: `users in place of the scenario's own: ${Object.entries(loadProfiles)
        .map(([name, users]) => `${name} ${users}`)
        .join(', ')}`,
    },
    threads: { type: 'string', example: '1', help: 'threads of the generator (default 1)' },
    database: {
      type: 'string',
      example: 'URL',
      help: "the application's PostgreSQL, to read what it did meanwhile",
    },
    baseline: { type: 'string', example: 'FILE', help: 'compare with this baseline or run at the end' },
    out: { type: 'string', short: 'o', example: 'FILE', help: 'write the run there too' },
    report: {
      type: 'string',
      example: 'URL',
      help: 'show it live on this pgsteward (default: the one of the configuration, if it runs)',
    },
    seed: { type: 'string', example: '1', help: 'what chance begins from (default 1)' },
    ...CONFIG_OPTION,
    ...JSON_OPTION,
  },
  async run([name, ...more], options, { terminal, cwd, env, signal }) {
    if (name === undefined)
      throw new StewardError('usage', 'which scenario?', {
        detail: 'pgsteward load scenarios lists those that are built in.',
        hint: `pgsteward ${USAGE}`,
      })
    if (more.length > 0)
      throw new StewardError('usage', `"${more[0]}" is one argument too many`, { hint: `pgsteward ${USAGE}` })
    const { target } = options
    if (target === undefined)
      throw new StewardError('usage', 'load on what?', {
        detail: '--target is missing.',
        hint: `pgsteward load run ${name} --target http://127.0.0.1:3000`,
      })
    const engine = oneOf('--engine', options.engine, RUN_ENGINES, 'node')
    const profile =
      options.profile === undefined ? null : oneOf('--profile', options.profile, PROFILE_NAMES, '')
    const { timeScale, loadScale } = scalesOf(options)
    const threads = whole('--threads', options.threads, 1, MOST_THREADS) ?? 1
    const seed = whole('--seed', options.seed, 0, 2 ** 31 - 1) ?? 1
    const scenario = await findScenario(profile === null ? name : `${name}@${profile}`, cwd)
    const { config } = await loadConfig({
      checks: ALL_CHECKS,
      cwd,
      env,
      ...(options.config === undefined ? {} : { file: options.config }),
    })
    // a baseline that can't be read is told before the load, not after
    const baseline = options.baseline === undefined ? null : resolve(cwd, options.baseline)
    if (baseline !== null) await readRunFile(baseline)
    const reporter = await findReporter({
      ...(options.report === undefined ? {} : { url: options.report }),
      server: config.server,
      storeDir: config.store.dir,
      cwd,
      onTrouble: (text) => terminal.note(`${text}\n`),
    })
    const { database } = options
    const targetId = config.targets.find(({ url }) => url === database)?.id
    let planned: { plannedMs: number | null; warmUpMs: number } = { plannedMs: null, warmUpMs: 0 }
    let errors = 0
    const run = await runLoad({
      scenario,
      target,
      allowedTargets: config.load.targets,
      engine,
      timeScale,
      loadScale,
      threads,
      seed,
      env,
      cwd,
      ...(database === undefined ? {} : { databaseUrl: database }),
      ...(targetId === undefined ? {} : { targetId }),
      signal,
      onBegin: (begun) => {
        planned = begun
        reporter?.begin(begun)
        terminal.progress(`${scenario.id} · beginning`)
      },
      onMoment: (moment) => {
        errors += moment.errors
        reporter?.moment(moment)
        terminal.progress(loadProgressLine(scenario.id, moment, { ...planned, errors }))
      },
    })
    const kept = await keep(run, resolve(cwd, config.load.dir), terminal)
    const isWritten = options.out === undefined || (await writeOut(run, resolve(cwd, options.out), terminal))
    await reporter?.done(run)
    if (options.json) terminal.out(`${JSON.stringify(run, null, 2)}\n`)
    else {
      terminal.out(loadReportText(run, bottleneckOf(run), paint(terminal.isColoured)))
      if (kept.path !== null) terminal.note(`kept as ${kept.path}\n`)
      // nowhere else to leave it: a reader of standard output may keep it
      else if (!isWritten || options.out === undefined) terminal.out(`${JSON.stringify(run)}\n`)
    }
    const hasFailed =
      run.invalid.length > 0 || run.ended !== 'completed' || run.thresholds.some((each) => !each.isMet)
    const isSlower =
      baseline !== null && (await isGateOf(baseline, kept.path, terminal, options.json === true))
    if (hasFailed || isSlower) return EXIT.gate
    return kept.isInPlace && isWritten ? EXIT.clean : EXIT.usage
  },
})

/** In its folder, else among temporary files; null: nowhere, which was told. */
async function keep(
  run: LoadRun,
  dir: string,
  terminal: Terminal,
): Promise<{ readonly path: string | null; readonly isInPlace: boolean }> {
  for (const [folder, isInPlace] of [
    [dir, true],
    [join(tmpdir(), 'pgsteward-runs'), false],
  ] as const) {
    try {
      return { path: await saveRun(folder, run), isInPlace }
    } catch (error) {
      if (!(error instanceof StewardError)) throw error
      terminal.note(renderError(error, terminal.isColoured))
    }
  }
  return { path: null, isInPlace: false }
}

async function writeOut(run: LoadRun, path: string, terminal: Terminal): Promise<boolean> {
  try {
    await writeWholeFile(path, `${JSON.stringify(run, null, 2)}\n`)
    return true
  } catch (error) {
    if (!(error instanceof StewardError)) throw error
    terminal.note(renderError(error, terminal.isColoured))
    return false
  }
}

/** The comparison goes to standard error where standard output holds the run's JSON. */
async function isGateOf(
  baseline: string,
  run: string | null,
  terminal: Terminal,
  isJson: boolean,
): Promise<boolean> {
  if (run === null) {
    terminal.note('It was not compared with the baseline, because it could not be kept.\n')
    return true
  }
  const comparison = await compareFiles([baseline], [run])
  const text = comparisonText(comparison, paint(terminal.isColoured))
  if (isJson) terminal.note(text)
  else terminal.out(`\n${text}`)
  return isGateReached(comparison, policyOf('fail'))
}

function whole(option: string, text: string | undefined, least: number, most: number): number | undefined {
  if (text === undefined) return undefined
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= least && value <= most) return value
  throw new StewardError('usage', `${option} ${text} is not understood`, {
    hint: `A whole number from ${least} to ${most}.`,
  })
}
