// pgsteward load ab: is head slower than base? Both are measured here and now, by turns or at the same instant.

import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, relative, resolve } from 'node:path'
import { FAIL_ON, isGateReached, policyOf } from '../../app/gate/read-gate-policy.ts'
import { findReporter } from '../../app/load/find-reporter.ts'
import { findScenario } from '../../app/load/find-scenarios.ts'
import { type AbSide, runAb, type Side } from '../../app/load/run-ab.ts'
import { RUN_ENGINES } from '../../app/load/run-load.ts'
import { EXIT, StewardError } from '../../model/error.ts'
import type { LoadRun } from '../../model/load-run.ts'
import { parseDuration } from '../../model/units.ts'
import { comparisonJunit } from '../../report/comparison-junit.ts'
import { comparisonMarkdown } from '../../report/comparison-markdown.ts'
import { comparisonSarif } from '../../report/comparison-sarif.ts'
import { comparisonText } from '../../report/comparison-text.ts'
import { abStandLine } from '../../report/comparison-words.ts'
import { oneOf } from '../arguments.ts'
import { CONFIG_OPTION, defineCommand, JSON_OPTION } from '../command.ts'
import { loadSettings } from '../load-settings.ts'
import { paint } from '../paint.ts'
import { renderError } from '../render-error.ts'
import { loadProgressLine } from '../render-load.ts'
import { version } from '../version.ts'

const USAGE = 'load ab SCENARIO --base URL|--base-command CMD --head URL|--head-command CMD'
const DESIGNS = ['interleaved', 'duet'] as const
const LEAST_REPETITIONS = 3
const MOST_REPETITIONS = 9

export const loadAb = defineCommand({
  name: 'load ab',
  usage: `${USAGE} [--design interleaved|duet] [--for 20s]`,
  summary: 'measure base and head on this machine in one go and judge the difference',
  description:
    'The recommended gate for pull requests: machines differ from day to day by more than most slowdowns, one machine within minutes ' +
    'hardly. Each repetition starts both commands fresh, with a free port in PORT, waits until --health answers, loads them and ends ' +
    'them with all that they started; which of the two begins is by chance. interleaved loads one after the other; duet loads both at ' +
    'the same instant by the same schedule, which sees more on a busy machine but needs room for both, each with a database of its ' +
    'own if they write. Three repetitions first, then two more as long as something is undecided, nine at most. Every run is kept in ' +
    'load.dir. Ctrl-C ends it and judges what was measured. Exit code 1 when the head is slower by over 15 % with support, when more ' +
    'requests fail, when the runs must not be compared, and when it was interrupted.',
  examples: [
    'pgsteward load ab smoke --base http://127.0.0.1:3001 --head http://127.0.0.1:3002',
    'pgsteward load ab load/ci.ts --base-command "npm start" --base-dir ../base --head-command "npm start" --for 20s --markdown comment.md',
    'pgsteward load ab load/ci.ts --base-command "node a.js" --head-command "node b.js" --design duet --repetitions 5',
  ],
  options: {
    base: { type: 'string', example: 'URL', help: 'the base, running already' },
    'base-command': { type: 'string', example: 'CMD', help: 'starts the base; it listens on PORT' },
    'base-dir': { type: 'string', example: 'DIR', help: 'where the base’s command runs (default here)' },
    'base-database': { type: 'string', example: 'URL', help: 'the base’s PostgreSQL, if it has its own' },
    head: { type: 'string', example: 'URL', help: 'the head, running already' },
    'head-command': { type: 'string', example: 'CMD', help: 'starts the head; it listens on PORT' },
    'head-dir': { type: 'string', example: 'DIR', help: 'where the head’s command runs (default here)' },
    'head-database': { type: 'string', example: 'URL', help: 'the head’s PostgreSQL, if it has its own' },
    database: { type: 'string', example: 'URL', help: 'PostgreSQL of both, to read what it did meanwhile' },
    design: { type: 'string', example: 'NAME', help: `${DESIGNS.join(', ')} (default interleaved)` },
    repetitions: {
      type: 'string',
      example: '9',
      help: `at most, from ${LEAST_REPETITIONS} to ${MOST_REPETITIONS} (default ${MOST_REPETITIONS})`,
    },
    for: {
      type: 'string',
      example: '20s',
      help: 'measured time of each run (default: as the scenario has it)',
    },
    'users-scale': { type: 'string', example: '0.5', help: 'factor on users or rate (default 1)' },
    engine: { type: 'string', example: 'ENGINE', help: `${RUN_ENGINES.join(', ')} (default node, built in)` },
    health: { type: 'string', example: 'PATH', help: 'asked until it answers below 500 (default /health)' },
    patience: { type: 'string', example: '60s', help: 'how long to wait for that (default 60s)' },
    seed: { type: 'string', example: '1', help: 'what chance begins from (default 1)' },
    report: {
      type: 'string',
      example: 'URL',
      help: 'show the runs live on this pgsteward (default: the one of the configuration, if it runs)',
    },
    'fail-on': {
      type: 'string',
      example: 'VERDICT',
      help: `${FAIL_ON.join(', ')}: the mildest verdict with exit code 1 (default fail)`,
    },
    out: { type: 'string', short: 'o', example: 'FILE', help: 'write all runs, for baseline compare' },
    markdown: { type: 'string', example: 'FILE', help: 'write markdown, for a comment or a job summary' },
    junit: { type: 'string', example: 'FILE', help: 'write JUnit XML' },
    sarif: { type: 'string', example: 'FILE', help: 'write SARIF' },
    ...CONFIG_OPTION,
    ...JSON_OPTION,
  },
  async run([name, ...more], options, context) {
    const { terminal, cwd, env, signal } = context
    if (name === undefined)
      throw new StewardError('usage', 'which scenario?', {
        detail: 'pgsteward load scenarios lists those that are built in.',
        hint: `pgsteward ${USAGE}`,
      })
    if (more.length > 0)
      throw new StewardError('usage', `"${more[0]}" is one argument too many`, {
        hint: `A command with blanks is one argument in quotes: pgsteward ${USAGE}`,
      })
    const sides = { base: sideOf('base', options, cwd), head: sideOf('head', options, cwd) }
    const most =
      number('--repetitions', options.repetitions, LEAST_REPETITIONS, MOST_REPETITIONS) ?? MOST_REPETITIONS
    const design = oneOf('--design', options.design, DESIGNS, 'interleaved')
    const failOn = oneOf('--fail-on', options['fail-on'], FAIL_ON, 'fail')
    const engine = oneOf('--engine', options.engine, RUN_ENGINES, 'node')
    const healthPath = options.health ?? '/health'
    if (!healthPath.startsWith('/'))
      throw new StewardError('usage', `--health ${healthPath} is no path`, {
        hint: 'It begins with a slash.',
      })
    const loadScale = Number(options['users-scale'] ?? '1')
    if (!(loadScale > 0 && loadScale <= 1000))
      throw new StewardError('usage', `--users-scale ${options['users-scale']} is no factor`, {
        hint: 'A number above 0: 0.1 is a tenth, 2 is twice.',
      })
    const forMs = duration('--for', options.for)
    const patienceMs = duration('--patience', options.patience) ?? 60_000
    const seed = number('--seed', options.seed, 0, 2 ** 31 - 1) ?? 1
    const scenario = await findScenario(name, cwd)
    const settings = await loadSettings(context, options.config)
    const { bold } = paint(terminal.isColoured)
    const errors = { base: 0, head: 0 }
    const done: LoadRun[] = []
    const { comparison, base, head, isInterrupted, notes } = await runAb({
      scenario,
      sides,
      design,
      most,
      forMs,
      loadScale,
      engine,
      threads: 1,
      seed,
      allowedTargets: settings.targets,
      healthPath,
      patienceMs,
      env,
      runsDir: settings.runsDir,
      signal,
      reporter: () =>
        findReporter({
          ...(options.report === undefined ? {} : { url: options.report }),
          server: settings.server,
          storeDir: settings.storeDir,
          cwd,
          onTrouble: (text) => terminal.note(`${text}\n`),
        }),
      onMoment: (side, repetition, moment) => {
        errors[side] += moment.errors
        const progress = { plannedMs: null, warmUpMs: 0, errors: errors[side] }
        terminal.progress(loadProgressLine(`${side} ${repetition}`, moment, progress))
      },
      onRun: (side, _, run) => {
        errors[side] = 0
        done.push(run)
      },
      onRepetition: (count, found, because) =>
        terminal.note(`after ${bold(`${count} of at most ${most}`)}: ${abStandLine(found)} (${because})\n`),
      onAgain: (note) => terminal.note(`${note}\n`),
      onTrouble: (error) => terminal.note(renderError(error, terminal.isColoured)),
    })
    const path = (file: string) => resolve(cwd, file)
    if (options.out !== undefined)
      await save(path(options.out), `${JSON.stringify(comparison === null ? done : [...base, ...head])}\n`)
    if (comparison === null) {
      terminal.note(`${notes.join('\n')}\n`)
      if (options.json) terminal.out('null\n')
      return EXIT.gate
    }
    if (options.markdown !== undefined) await save(path(options.markdown), comparisonMarkdown(comparison))
    if (options.junit !== undefined) await save(path(options.junit), comparisonJunit(comparison))
    if (options.sarif !== undefined)
      await save(path(options.sarif), comparisonSarif(comparison, version(), fileOf(name, cwd)))
    terminal.out(
      options.json
        ? `${JSON.stringify(comparison, null, 2)}\n`
        : comparisonText(comparison, paint(terminal.isColoured)),
    )
    terminal.note(`${done.length} runs are kept in ${relative(cwd, settings.runsDir) || '.'}\n`)
    return isInterrupted || isGateReached(comparison, policyOf(failOn)) ? EXIT.gate : EXIT.clean
  },
})

type Given = Readonly<Record<string, unknown>>

function sideOf(side: Side, given: Given, cwd: string): AbSide {
  const text = (option: string) => given[option] as string | undefined
  const [url, command, folder] = [text(side), text(`${side}-command`), text(`${side}-dir`)]
  if ((url === undefined) === (command === undefined))
    throw new StewardError(
      'usage',
      url === undefined ? `the ${side} is missing` : `--${side} and --${side}-command: which of the two?`,
      {
        detail: `Either --${side} URL, running already, or --${side}-command CMD, which listens on the port in PORT.`,
        hint: `pgsteward ${USAGE}`,
      },
    )
  const databaseUrl = text(`${side}-database`) ?? text('database')
  return {
    target: url === undefined ? { command: command! } : { url },
    cwd: resolve(cwd, folder ?? '.'),
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
  }
}

function number(option: string, text: string | undefined, least: number, most: number): number | undefined {
  if (text === undefined) return undefined
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= least && value <= most) return value
  throw new StewardError('usage', `${option} ${text} is not understood`, {
    hint: `A whole number from ${least} to ${most}.`,
  })
}

function duration(option: string, text: string | undefined): number | null {
  if (text === undefined) return null
  const value = parseDuration(text)
  if (value !== null && value >= 1_000) return value
  throw new StewardError('usage', `${option} ${text} is not understood`, {
    hint: `A duration of a second at least: ${option} 20s`,
  })
}

/** Code hosts show results at a file: the scenario's, or for a built-in one the configuration's. */
function fileOf(name: string, cwd: string): string {
  return /[./]/.test(name) ? relative(cwd, resolve(cwd, name.replace(/@\w+$/, ''))) : 'pgsteward.config.ts'
}

async function save(path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text)
  } catch (cause) {
    throw new StewardError('file-not-written', `${path} can't be written`, {
      detail: (cause as Error).message,
      cause,
    })
  }
}
