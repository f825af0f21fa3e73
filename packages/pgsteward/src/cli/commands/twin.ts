// pgsteward twin build | explain: a local PostgreSQL with a target's schema and statistics and none of its rows.

import { resolve } from 'node:path'
import { runTwinBuild } from '../../app/twin/twin-build.ts'
import { runTwinExplain, type TwinExplainReport } from '../../app/twin/twin-explain.ts'
import { TWIN_HOSTS } from '../../app/twin/twin-source.ts'
import { readWorkloadFile } from '../../app/workload/read-workload-file.ts'
import { workloadQueries } from '../../app/workload/workload-queries.ts'
import { EXIT, type ExitCode, StewardError } from '../../model/error.ts'
import { nearestName } from '../../model/nearest-name.ts'
import { formatBytes } from '../../report/format.ts'
import { oneOf } from '../arguments.ts'
import { cacheFolder } from '../cache-folder.ts'
import { type CommandContext, defineCommand, JSON_OPTION, type OptionValues } from '../command.ts'
import { plain } from '../render-check.ts'

const OPTIONS = {
  out: { type: 'string', example: 'DIR', help: 'build: folder of the twin, made here' },
  workload: {
    type: 'string',
    example: 'FILE',
    help: 'explain: JSON [{ "id", "sql" or "template" }], or SQL statements',
  },
  host: {
    type: 'string',
    example: 'HOST',
    help: `${TWIN_HOSTS.join(', ')}: where the twin runs (default auto: PGlite for PostgreSQL 18, a native server of another major where its binaries are installed)`,
  },
  set: {
    type: 'string',
    multiple: true,
    example: 'NAME=VALUE',
    help: 'explain: a planner setting instead of the target’s; may be given several times',
  },
  ...JSON_OPTION,
} as const

export const twin = defineCommand({
  name: 'twin',
  usage: 'twin build URL --out DIR | twin explain URL|STATS_FILE --workload FILE',
  summary: "ask a local copy of the target's planner, without touching the target's rows",
  description:
    'A planner twin is a local PostgreSQL that holds the schema and the planner statistics of a target and none of its rows. ' +
    '"twin build" makes one in a private folder; "twin explain" makes a passing one and prints the plan of each statement of a ' +
    'workload, and how many of them have the same shape and cost as the target’s own EXPLAIN where the target is at hand. The ' +
    'target is read by catalog queries and EXPLAIN alone. Statements with $1 get generic plans. With --json explain prints ' +
    '[{ "id", "plan", "error"? }] in the order of the workload: plan is the node under "Plan" of EXPLAIN (FORMAT JSON), as in ' +
    'plan["Node Type"], or null where there is an error.',
  examples: [
    'pgsteward twin explain $DATABASE_URL --workload queries.json --json',
    'pgsteward twin explain statistics.json --workload queries.sql',
    'pgsteward twin build $DATABASE_URL --out twin',
  ],
  options: OPTIONS,
  async run(positionals, options, context) {
    const [action, source, ...rest] = positionals
    if (action !== 'build' && action !== 'explain') {
      const nearest = nearestName(action ?? '', ['build', 'explain'])
      throw new StewardError(
        'usage',
        action === undefined ? 'build or explain?' : `"twin ${action}" is not known`,
        {
          detail: 'usage: pgsteward twin build URL --out DIR | twin explain URL|STATS_FILE --workload FILE',
          ...(nearest === null ? {} : { hint: `Did you mean "pgsteward twin ${nearest}"?` }),
        },
      )
    }
    const urlOrFile = requireSource(source ?? context.env.DATABASE_URL, rest, `twin ${action}`, context.cwd)
    return action === 'build' ? build(urlOrFile, options, context) : explain(urlOrFile, options, context)
  },
})

type Values = OptionValues<typeof OPTIONS>

/** A URL, or a file's path, relative to the working directory. */
export function requireSource(
  source: string | undefined,
  rest: readonly string[],
  command: string,
  cwd: string,
): string {
  if (rest.length > 0) throw new StewardError('usage', `"${rest[0]}" is one argument too many`)
  if (source === undefined || source === '') {
    throw new StewardError('usage', 'which database?', {
      detail: 'No URL or statistics file was given, and DATABASE_URL is not set.',
      hint: `pgsteward ${command} postgres://USER:PASSWORD@HOST:PORT/DATABASE`,
    })
  }
  return /^\w+:\/\//.test(source) ? source : resolve(cwd, source)
}

async function build(
  urlOrFile: string,
  options: Values,
  { terminal, cwd, env }: CommandContext,
): Promise<ExitCode> {
  if (options.out === undefined)
    throw new StewardError('usage', 'in which folder?', { hint: 'pgsteward twin build URL --out DIR' })
  const report = await runTwinBuild({
    urlOrFile,
    dir: resolve(cwd, options.out),
    host: oneOf('--host', options.host, TWIN_HOSTS, 'auto'),
    cacheDir: cacheFolder(env),
    now: () => new Date(),
    onProgress: terminal.progress,
  })
  if (options.json) terminal.out(`${JSON.stringify(report, null, 2)}\n`)
  else {
    terminal.out(
      `A twin of ${report.tables} tables and ${report.indexes} indexes in ${report.dir} (${report.host}, PostgreSQL ${major(report.versionNum)}), ` +
        `built in ${(report.buildMs / 1000).toFixed(1)} s. Its files pass for ${formatBytes(report.apparentBytes)}.\n`,
    )
    noteLeftOut(report.leftOut, terminal.note)
  }
  return EXIT.clean
}

async function explain(
  urlOrFile: string,
  options: Values,
  { terminal, cwd, env, signal }: CommandContext,
): Promise<ExitCode> {
  if (options.workload === undefined) {
    throw new StewardError('usage', 'which statements?', {
      hint: 'pgsteward twin explain URL --workload FILE',
    })
  }
  const report = await runTwinExplain({
    urlOrFile,
    queries: workloadQueries(await readWorkloadFile(resolve(cwd, options.workload))),
    host: oneOf('--host', options.host, TWIN_HOSTS, 'auto'),
    cacheDir: cacheFolder(env),
    settings: settingsOf(options.set ?? []),
    now: () => new Date(),
    signal,
    onProgress: terminal.progress,
  })
  terminal.note(`${fidelityLine(report)}\n`)
  noteLeftOut(report.leftOut, terminal.note)
  if (options.json) terminal.out(`${JSON.stringify(report.plans, null, 1)}\n`)
  else for (const { id, plan, error } of report.plans) terminal.out(`${plain(planLine(id, plan, error))}\n`)
  return EXIT.clean
}

function settingsOf(pairs: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=')
      if (at < 1)
        throw new StewardError('usage', `--set ${pair} is not NAME=VALUE`, {
          hint: '--set random_page_cost=1.1',
        })
      return [pair.slice(0, at), pair.slice(at + 1)]
    }),
  )
}

function fidelityLine({ agreement, planner, target, buildMs }: TwinExplainReport): string {
  const by = `planned by ${planner.kind === 'pglite' ? 'PGlite' : 'a native server'}, PostgreSQL ${major(planner.versionNum)}, built in ${(buildMs / 1000).toFixed(1)} s`
  const versions =
    major(planner.versionNum) === major(target.versionNum)
      ? ''
      : `; the target is PostgreSQL ${major(target.versionNum)}, whose planner differs`
  const values = target.values === 'surrogate' ? '; values are surrogates, so literals are guessed at' : ''
  if (agreement === null) return `${by}${versions}${values}; no target to compare with`
  const compared = agreement.statements - agreement.couldNotPlan
  const first = agreement.disagreements[0]
  const example =
    first === undefined
      ? ''
      : `; for one, ${first.id}: ${first.difference ?? `cost ${first.planCost}, not ${first.targetCost}`}`
  const failed = agreement.couldNotPlan === 0 ? '' : `; ${agreement.couldNotPlan} could not be planned`
  return `${by}${versions}${values}; as the target plans: ${agreement.sameShape} of ${compared} shapes, ${agreement.sameCost} of ${compared} costs${example}${failed}`
}

function noteLeftOut(
  leftOut: readonly { kind: string; name: string; because: string }[],
  note: (text: string) => void,
): void {
  for (const { kind, name, because } of leftOut.slice(0, 20))
    note(`left out: ${plain(`${kind} ${name}: ${because}`)}\n`)
  if (leftOut.length > 20) note(`left out: and ${leftOut.length - 20} more\n`)
}

function planLine(
  id: string,
  plan: TwinExplainReport['plans'][number]['plan'],
  error: string | undefined,
): string {
  if (plan === null) return `${id}: cannot be planned: ${error}`
  const steps: string[] = []
  for (let node: typeof plan | undefined = plan; node !== undefined; node = node.Plans?.[0]) {
    const on = node['Index Name'] ?? node['Relation Name']
    steps.push(on === undefined ? node['Node Type'] : `${node['Node Type']} on ${on}`)
  }
  return `${id}: cost ${plan['Total Cost']}, ${plan['Plan Rows']} rows: ${steps.join(' < ')}`
}

function major(versionNum: number): number {
  return Math.floor(versionNum / 10_000)
}
