// pgsteward load sweep: how far one setting of the application carries it, and where more of it stops to pay.

import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { loadConfig } from '../../app/config/load-config.ts'
import { findScenario } from '../../app/load/find-scenarios.ts'
import { readSweep } from '../../app/load/read-sweep.ts'
import { runSweep } from '../../app/load/run-sweep.ts'
import { saveRun } from '../../app/load/runs-folder.ts'
import { playbookFigures, playbookTemplate } from '../../app/load/scaling-figures.ts'
import { writeWholeFile } from '../../app/load/write-whole-file.ts'
import { ALL_CHECKS } from '../../checks/all.ts'
import { EXIT, StewardError } from '../../model/error.ts'
import { parseDuration } from '../../model/units.ts'
import { scalingPlaybook } from '../../report/scaling-playbook.ts'
import { sweepText } from '../../report/sweep-text.ts'
import { CONFIG_OPTION, defineCommand, JSON_OPTION } from '../command.ts'
import { paint } from '../paint.ts'

const USAGE = 'load sweep SCENARIO --vary NAME=V1,V2,... --command CMD'
const DEFAULT_USERS = [2, 4, 8, 16, 32]
const MOST_LEVELS = 20
const MOST_ROUNDS = 10

export const loadSweep = defineCommand({
  name: 'load sweep',
  usage: USAGE,
  summary: 'vary a setting of the application and find where more stops to pay',
  description:
    'For each value the application is started by --command with that environment variable and a free port in PORT, loaded in steps, and ' +
    'stopped. Each step keeps throughput, latencies, the application’s pool and, with --database, what the database did. The universal ' +
    'scalability law is fitted to the steps of each value and to the best of all values; where it does not fit, that is said and the ' +
    'knee is taken from the points. Load is --users of the closed model, or --rate of the open one. Think times are left out unless ' +
    '--think is given: a user is then a request under way. --playbook fills the scaling playbook with what was measured; --with adds ' +
    'sweeps that were kept by --out.',
  examples: [
    'pgsteward load sweep smoke --vary POOL_SIZE=5,10,20,40 --command "npm start" --database $DATABASE_URL',
    'pgsteward load sweep load --vary INSTANCES=1,2,3 --command "npm start" --users 4,8,16,32,64 --step 20s --playbook scaling.md',
  ],
  options: {
    vary: { type: 'string', example: 'NAME=V1,V2', help: 'environment variable and its values' },
    command: { type: 'string', example: 'CMD', help: 'serves the application on the port in PORT' },
    health: { type: 'string', example: 'PATH', help: 'answers once it serves (default /health)' },
    patience: { type: 'string', example: '60s', help: 'how long to wait for it (default 60s)' },
    users: {
      type: 'string',
      example: 'N1,N2',
      help: `steps of the closed model (default ${DEFAULT_USERS.join(',')})`,
    },
    rate: { type: 'string', example: 'R1,R2', help: 'steps of the open model, arrivals a second' },
    step: { type: 'string', example: '10s', help: 'measured time of a step (default 10s)' },
    'warm-up': {
      type: 'string',
      example: '3s',
      help: 'before each step, three times as long before the first (default 3s)',
    },
    rounds: { type: 'string', example: '1', help: 'repetitions, alternating between the values (default 1)' },
    think: { type: 'boolean', help: 'keep the think times of the scenario' },
    'p95-limit': { type: 'string', example: '500ms', help: 'steps above it are not the best' },
    database: {
      type: 'string',
      example: 'URL',
      help: "the application's PostgreSQL, to read what it did meanwhile",
    },
    seed: { type: 'string', example: '1', help: 'what chance begins from (default 1)' },
    out: { type: 'string', short: 'o', example: 'FILE', help: 'write the sweep as JSON' },
    playbook: { type: 'string', example: 'FILE', help: 'write the scaling playbook, Markdown' },
    with: { type: 'string', multiple: true, example: 'FILE', help: 'sweeps of before, for the playbook' },
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
    const { command } = options
    if (options.vary === undefined || command === undefined)
      throw new StewardError('usage', `--${options.vary === undefined ? 'vary' : 'command'} is missing`, {
        hint: `pgsteward ${USAGE}`,
      })
    const { variable, values } = varied(options.vary)
    if (options.users !== undefined && options.rate !== undefined)
      throw new StewardError('usage', 'users or a rate?', {
        detail: '--users is the closed model, --rate the open one.',
        hint: 'Leave one of them out.',
      })
    const model = options.rate === undefined ? 'closed' : 'open'
    const levels =
      model === 'open'
        ? numbers('--rate', options.rate!)
        : numbers('--users', options.users ?? DEFAULT_USERS.join(','))
    const stepMs = span('--step', options.step ?? '10s')
    const warmUpMs = span('--warm-up', options['warm-up'] ?? '3s')
    const [rounds, seed] = [
      whole('--rounds', options.rounds ?? '1', 1, MOST_ROUNDS),
      whole('--seed', options.seed ?? '1', 0, 2 ** 31 - 1),
    ]
    const scenario = await findScenario(name, cwd)
    const { config } = await loadConfig({
      checks: ALL_CHECKS,
      cwd,
      env,
      ...(options.config === undefined ? {} : { file: options.config }),
    })
    // files that can't be read are told before the load, not after
    const earlier = await Promise.all((options.with ?? []).map((file) => readSweep(resolve(cwd, file))))
    const { database } = options
    const targetId = config.targets.find(({ url }) => url === database)?.id
    let isKept = true
    const sweep = await runSweep({
      scenario,
      variable,
      values,
      command,
      healthPath: options.health ?? '/health',
      patienceMs: span('--patience', options.patience ?? '60s'),
      model,
      levels,
      stepMs,
      warmUpMs,
      rounds,
      withPauses: options.think === true,
      p95LimitMs: options['p95-limit'] === undefined ? null : span('--p95-limit', options['p95-limit']),
      allowedTargets: config.load.targets,
      ...(database === undefined ? {} : { databaseUrl: database }),
      ...(targetId === undefined ? {} : { targetId }),
      env,
      cwd,
      seed,
      signal,
      onStep: ({ value, offered, done, of, last }) =>
        terminal.progress(
          `${done} of ${of} · ${variable}=${value} · ${offered} ${model === 'closed' ? 'users' : 'arrivals/s'}${last === null ? '' : ` · before: ${Math.round(last.requestsPerSecond)} requests/s`}`,
        ),
      onRun: async (run) => {
        if (!isKept) return
        await saveRun(resolve(cwd, config.load.dir), run).catch((error: unknown) => {
          isKept = false
          terminal.note(`runs are not kept: ${(error as Error).message}\n`)
        })
      },
    })
    if (options.json) terminal.out(`${JSON.stringify(sweep, null, 2)}\n`)
    else terminal.out(sweepText(sweep, paint(terminal.isColoured)))
    if (options.out !== undefined)
      await writeWholeFile(resolve(cwd, options.out), `${JSON.stringify(sweep, null, 2)}\n`)
    if (options.playbook !== undefined) {
      const template = await readFile(playbookTemplate(), 'utf8')
      const figures = await playbookFigures([...earlier, sweep], cwd)
      await writeWholeFile(resolve(cwd, options.playbook), scalingPlaybook(template, figures))
      terminal.note(`playbook written to ${options.playbook}\n`)
    }
    return sweep.ended === 'interrupted' || sweep.values.some(({ best }) => best === null)
      ? EXIT.gate
      : EXIT.clean
  },
})

function varied(text: string): { readonly variable: string; readonly values: readonly string[] } {
  const [, variable, list] = /^([A-Za-z_]\w*)=(.+)$/.exec(text) ?? []
  const values = [...new Set((list ?? '').split(',').map((value) => value.trim()))].filter(
    (value) => value !== '',
  )
  if (variable === undefined || values.length === 0)
    throw new StewardError('usage', `--vary ${text} is not understood`, {
      detail: 'It names an environment variable of the application and the values to try.',
      hint: '--vary POOL_SIZE=5,10,20',
    })
  if (variable === 'PORT')
    throw new StewardError('usage', 'PORT cannot be varied', {
      detail: 'The application is given a free port in it.',
    })
  return { variable, values }
}

function numbers(option: string, text: string): readonly number[] {
  const levels = [...new Set(text.split(',').map((each) => Number(each.trim())))]
  if (
    levels.length > MOST_LEVELS ||
    levels.some((level) => !Number.isFinite(level) || level <= 0 || level > 100_000) ||
    (option === '--users' && levels.some((level) => !Number.isInteger(level)))
  )
    throw new StewardError('usage', `${option} ${text} is not understood`, {
      hint: `Up to ${MOST_LEVELS} numbers above 0 with commas between, ${option} 4,8,16.`,
    })
  return levels.toSorted((one, other) => one - other)
}

function span(option: string, text: string): number {
  const ms = parseDuration(text)
  if (ms !== null && ms > 0) return ms
  throw new StewardError('usage', `${option} ${text} is no duration`, { hint: `${option} 10s` })
}

function whole(option: string, text: string, least: number, most: number): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= least && value <= most) return value
  throw new StewardError('usage', `${option} ${text} is not understood`, {
    hint: `A whole number from ${least} to ${most}.`,
  })
}
