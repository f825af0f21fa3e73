// pgsteward partition advise: whether a table should be divided into partitions, by what, and what its statements would cost then.

import { runPartitionAdvise } from '../../app/partition/run-partition-advise.ts'
import { EXIT, StewardError } from '../../model/error.ts'
import { requireUrl } from '../arguments.ts'
import { cacheFolder } from '../cache-folder.ts'
import { defineCommand, JSON_OPTION } from '../command.ts'
import { renderPartitionReport } from '../render-partition-advice.ts'

export const partitionAdvise = defineCommand({
  name: 'partition advise',
  usage: 'partition advise URL [SCHEMA.TABLE] [--workload FILE] [--rows 10000000] [--json]',
  summary:
    'whether a table should be divided into partitions, by what, and what its statements would cost then',
  description:
    'Key and step are chosen by the statements of pg_stat_statements (or --workload) and by what is deleted by age; what stands in the way ' +
    'is named, with what to do about it. Then each statement is planned on two planner twins, with the table as it is and divided by that ' +
    'design: which partitions it reads, at what cost. Without a table the three largest of at least --rows are looked at. The target ' +
    'answers catalog queries and EXPLAINs; nothing is changed.',
  examples: [
    'pgsteward partition advise $DATABASE_URL public.event',
    'pgsteward partition advise $DATABASE_URL --workload statements.json --json',
  ],
  options: {
    workload: {
      type: 'string',
      short: 'w',
      example: 'FILE',
      help: 'statements with their calls (default: pg_stat_statements)',
    },
    rows: {
      type: 'string',
      example: '1000000',
      help: 'tables of fewer rows are not worth dividing (default 10000000)',
    },
    ...JSON_OPTION,
  },
  async run(positionals, options, { terminal, env }) {
    const { url, table } = targetOf(positionals, env)
    const report = await runPartitionAdvise({
      url,
      table,
      workloadFile: options.workload ?? null,
      leastRows: rowsOf(options.rows ?? '10000000'),
      cacheDir: cacheFolder(env),
      now: () => new Date(),
      onProgress: (text) => terminal.progress(text),
    })
    terminal.out(
      options.json ? `${JSON.stringify(report, null, 2)}\n` : renderPartitionReport(report, terminal),
    )
    return EXIT.clean
  },
})

/** The table may stand alone where DATABASE_URL tells the target. */
function targetOf(
  [first, second, third]: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): { readonly url: string; readonly table: string | null } {
  if (third !== undefined)
    throw new StewardError('usage', `"${third}" is one argument too many`, {
      hint: 'pgsteward partition advise takes a URL and a table.',
    })
  const isUrl = first !== undefined && /^postgres(ql)?:\/\//.test(first)
  if (first !== undefined && !isUrl && second !== undefined)
    throw new StewardError('usage', `${first} is no URL`, {
      hint: 'pgsteward partition advise postgres://USER:PASSWORD@HOST:PORT/DATABASE SCHEMA.TABLE',
    })
  const url = requireUrl(isUrl ? [first] : [], env, 'partition advise')
  return { url, table: (isUrl ? second : first) ?? null }
}

function rowsOf(text: string): number {
  const rows = Number(text)
  if (text.trim() !== '' && Number.isFinite(rows) && rows >= 0) return rows
  throw new StewardError('usage', `--rows ${text} is not a number of rows`, {
    hint: 'Such as 1000000 or 1e6.',
  })
}
