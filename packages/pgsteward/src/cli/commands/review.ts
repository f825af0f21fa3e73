// pgsteward review: what a migration would lock, rewrite and do to plans, told before it runs.

import { resolve } from 'node:path'
import { runReview } from '../../app/review/run-review.ts'
import { TWIN_HOSTS } from '../../app/twin/twin-source.ts'
import { EXIT, StewardError } from '../../model/error.ts'
import { atLeast } from '../../model/finding.ts'
import { RUNNERS } from '../../model/review.ts'
import { reviewMarkdown } from '../../report/review-markdown.ts'
import { oneOf } from '../arguments.ts'
import { cacheFolder } from '../cache-folder.ts'
import { defineCommand, JSON_OPTION } from '../command.ts'
import { renderReview } from '../render-review.ts'

const FAIL_ON = ['warning', 'critical', 'never'] as const
const RUNNER_CHOICES = ['auto', ...RUNNERS] as const

export const review = defineCommand({
  name: 'review',
  usage: 'review FILE.sql|DIR [URL | --stats FILE]',
  summary: 'say what a migration would lock, rewrite and do to plans',
  description:
    'Names for each statement the locks it takes, who waits for them, whether the table is read or written anew, and a safer way to ' +
    "write it. With a URL or a statistics file it predicts durations at that database's sizes, applies the migration to a planner " +
    'twin on this machine, and plans the known workload (--workload, or pg_stat_statements of the URL) before and after. The target ' +
    'is only read, by catalog queries. A folder is read as Prisma’s migrations or as .sql files in the order of their names. Exit ' +
    'code 1 when there is a critical finding.',
  examples: [
    'pgsteward review prisma/migrations/20260801_add_note/migration.sql',
    'pgsteward review migration.sql $DATABASE_URL',
    'pgsteward review migrations --stats statistics.json --workload workload.json --json',
  ],
  options: {
    stats: { type: 'string', example: 'FILE', help: 'sizes and statistics from pgsteward stats export' },
    workload: {
      type: 'string',
      short: 'w',
      example: 'FILE',
      help: 'statements to plan before and after (default: pg_stat_statements of the URL)',
    },
    runner: {
      type: 'string',
      example: 'TOOL',
      help: `${RUNNER_CHOICES.join(', ')}: who runs the files, which decides on transactions (default auto)`,
    },
    host: {
      type: 'string',
      example: 'HOST',
      help: `${TWIN_HOSTS.join(', ')}: where the twin runs (default auto)`,
    },
    'fail-on': { type: 'string', example: 'SEVERITY', help: `${FAIL_ON.join(', ')} (default critical)` },
    markdown: { type: 'boolean', help: 'print markdown, for a comment on a pull request' },
    ...JSON_OPTION,
  },
  async run([path, url, ...rest], options, { terminal, cwd, env }) {
    if (path === undefined)
      throw new StewardError('usage', 'which migration?', {
        hint: 'pgsteward review FILE.sql|DIR [URL | --stats FILE]',
      })
    if (rest.length > 0) throw new StewardError('usage', `"${rest[0]}" is one argument too many`)
    if (url !== undefined && options.stats !== undefined)
      throw new StewardError('usage', 'a URL and --stats: which of the two?', {
        detail: 'Both say how large the tables are.',
      })
    if (url !== undefined && !/^postgres(ql)?:\/\//.test(url))
      throw new StewardError('usage', `${url} is no PostgreSQL URL`, {
        hint: 'Statistics files are given by --stats FILE; several migrations as a folder.',
      })
    const failOn = oneOf('--fail-on', options['fail-on'], FAIL_ON, 'critical')
    const runner = oneOf('--runner', options.runner, RUNNER_CHOICES, 'auto')
    const report = await runReview({
      path: resolve(cwd, path),
      urlOrFile: options.stats === undefined ? (url ?? null) : resolve(cwd, options.stats),
      workloadFile: options.workload === undefined ? null : resolve(cwd, options.workload),
      runner: runner === 'auto' ? null : runner,
      host: oneOf('--host', options.host, TWIN_HOSTS, 'auto'),
      cacheDir: cacheFolder(env),
      now: () => new Date(),
      onProgress: terminal.progress,
    })
    terminal.out(
      options.json
        ? `${JSON.stringify(report, null, 2)}\n`
        : options.markdown
          ? reviewMarkdown(report)
          : renderReview(report, terminal),
    )
    if (failOn === 'never') return EXIT.clean
    return report.findings.some(({ severity }) => atLeast(severity, failOn)) ? EXIT.gate : EXIT.clean
  },
})
