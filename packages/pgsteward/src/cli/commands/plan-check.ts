// pgsteward plan-check: in CI, without access to production: would this pull request's migrations and queries plan well there?

import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { runPlanCheck } from '../../app/review/run-plan-check.ts'
import { TWIN_HOSTS } from '../../app/twin/twin-source.ts'
import { EXIT, StewardError } from '../../model/error.ts'
import { RUNNERS } from '../../model/review.ts'
import { planCheckJunit } from '../../report/plan-check-junit.ts'
import { planCheckMarkdown } from '../../report/plan-check-markdown.ts'
import { oneOf } from '../arguments.ts'
import { cacheFolder } from '../cache-folder.ts'
import { defineCommand, JSON_OPTION } from '../command.ts'
import { renderPlanCheck } from '../render-plan-check.ts'

const RUNNER_CHOICES = ['auto', ...RUNNERS] as const
const USAGE = 'plan-check --stats FILE --migrations DIR --workload FILE'

export const planCheck = defineCommand({
  name: 'plan-check',
  usage: USAGE,
  summary: 'fail a pull request whose migrations or queries would plan badly in production',
  description:
    "From a statistics export of production, the repository's migrations and a captured workload it builds two planner twins on this " +
    'machine, as production is and with the migrations that it does not have yet, plans every statement on both, and judges by a ' +
    'policy. It takes no URL: production is not asked. New statements are those of --queries, those that the workload marks by ' +
    '"isNew": true, and, with --known, those that are not in production’s own workload. Exit code 1 when a condition fails.',
  examples: [
    'pgsteward plan-check --stats statistics.json --migrations prisma/migrations --workload workload.json',
    'pgsteward plan-check --stats statistics.json --migrations migrations --workload sent.json --known workload.json --markdown comment.md',
  ],
  options: {
    stats: { type: 'string', example: 'FILE', help: 'production’s statistics, from pgsteward stats export' },
    migrations: {
      type: 'string',
      example: 'DIR',
      help: 'Prisma’s migrations, or .sql files in the order of their names',
    },
    workload: {
      type: 'string',
      short: 'w',
      example: 'FILE',
      help: 'statements to plan, from pgsteward workload export',
    },
    known: { type: 'string', example: 'FILE', help: 'production’s own workload: what is not in it is new' },
    queries: { type: 'string', example: 'FILE|DIR', help: 'SQL files whose statements are all new' },
    policy: {
      type: 'string',
      example: 'FILE',
      help: 'conditions, thresholds and waivers, JSON with comments',
    },
    since: {
      type: 'string',
      example: 'NAME',
      help: 'the last migration that production has (default: found out)',
    },
    runner: {
      type: 'string',
      example: 'TOOL',
      help: `${RUNNER_CHOICES.join(', ')}: who runs the files (default auto)`,
    },
    host: {
      type: 'string',
      example: 'HOST',
      help: `${TWIN_HOSTS.join(', ')}: where the twins run (default auto)`,
    },
    markdown: { type: 'string', example: 'FILE', help: 'write markdown, for a comment or a job summary' },
    junit: { type: 'string', example: 'FILE', help: 'write JUnit XML, one test case a condition' },
    ...JSON_OPTION,
  },
  async run(positionals, options, { terminal, cwd, env }) {
    if (positionals.length > 0)
      throw new StewardError('usage', `"${positionals[0]}" is one argument too many`, {
        detail: 'plan-check connects to nothing; everything is given by options.',
        hint: `pgsteward ${USAGE}`,
      })
    const { stats, migrations } = options
    if (stats === undefined || migrations === undefined)
      throw new StewardError('usage', `--${stats === undefined ? 'stats' : 'migrations'} is missing`, {
        hint: `pgsteward ${USAGE}`,
      })
    if (options.workload === undefined && options.queries === undefined)
      throw new StewardError('usage', 'which statements?', {
        hint: 'Give --workload FILE (pgsteward workload export writes one), --queries FILE|DIR, or both.',
      })
    const path = (name: string | undefined) => (name === undefined ? null : resolve(cwd, name))
    const runner = oneOf('--runner', options.runner, RUNNER_CHOICES, 'auto')
    const report = await runPlanCheck({
      stats: resolve(cwd, stats),
      migrations: resolve(cwd, migrations),
      workload: path(options.workload),
      known: path(options.known),
      queries: path(options.queries),
      policy: path(options.policy),
      since: options.since ?? null,
      runner: runner === 'auto' ? null : runner,
      host: oneOf('--host', options.host, TWIN_HOSTS, 'auto'),
      cacheDir: cacheFolder(env),
      now: () => new Date(),
      onProgress: terminal.progress,
    })
    if (options.markdown !== undefined) await save(resolve(cwd, options.markdown), planCheckMarkdown(report))
    if (options.junit !== undefined) await save(resolve(cwd, options.junit), planCheckJunit(report))
    terminal.out(options.json ? `${JSON.stringify(report, null, 2)}\n` : renderPlanCheck(report, terminal))
    return report.verdict === 'fail' ? EXIT.gate : EXIT.clean
  },
})

async function save(path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text)
  } catch (cause) {
    throw new StewardError('usage', `${path} can't be written`, { detail: (cause as Error).message, cause })
  }
}
