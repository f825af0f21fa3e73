// pgsteward workload export: the statements that a database was asked, as a workload file.

import { resolve } from 'node:path'
import { runWorkloadExport } from '../../app/workload/run-workload-export.ts'
import { EXIT, StewardError } from '../../model/error.ts'
import { requireUrl } from '../arguments.ts'
import { defineCommand, JSON_OPTION } from '../command.ts'
import { plain } from '../render-check.ts'

const MOST = 500

export const workload = defineCommand({
  name: 'workload',
  usage: 'workload export URL --out FILE',
  summary: 'write what pg_stat_statements saw to a workload file',
  description:
    'The file is JSON, [{ "id", "template", "callsPerMinute" }], as advise, review, plan-check and twin explain take it; the ' +
    'statements that took most time first. An id is the fingerprint of the text, the same in every database. It holds no values: literals are $1, $2 ..., and comments are left out. Export it from ' +
    'production to know what runs there, and from the database of CI after its tests to know what a pull request sends.',
  examples: [
    'pgsteward workload export $DATABASE_URL --out workload.json',
    'pgsteward workload export $CI_DATABASE_URL --out sent.json --min-calls 0',
  ],
  options: {
    out: { type: 'string', example: 'FILE', help: 'where to write' },
    top: { type: 'string', example: '200', help: `at most so many statements (default ${MOST})` },
    'min-calls': {
      type: 'string',
      example: '0.1',
      help: 'leave out what is called less often a minute (default 0)',
    },
    ...JSON_OPTION,
  },
  async run([action, ...positionals], options, { terminal, cwd, env }) {
    if (action !== 'export')
      throw new StewardError(
        'usage',
        action === undefined ? 'export?' : `"workload ${action}" is not known`,
        {
          hint: 'pgsteward workload export URL --out FILE',
        },
      )
    const url = requireUrl(positionals, env, 'workload export')
    if (options.out === undefined)
      throw new StewardError('usage', 'into which file?', {
        hint: 'pgsteward workload export URL --out FILE',
      })
    const top = Number(options.top ?? MOST)
    if (!Number.isInteger(top) || top < 1)
      throw new StewardError('usage', `--top ${options.top} is not a number of statements`)
    const minCallsPerMinute = Number(options['min-calls'] ?? 0)
    if (!Number.isFinite(minCallsPerMinute) || minCallsPerMinute < 0)
      throw new StewardError('usage', `--min-calls ${options['min-calls']} is not a number of calls a minute`)
    const report = await runWorkloadExport({ url, out: resolve(cwd, options.out), top, minCallsPerMinute })
    if (options.json) terminal.out(`${JSON.stringify(report, null, 2)}\n`)
    else
      terminal.out(
        `${report.out}: ${report.statements} statements${report.dropped === 0 ? '' : `, ${report.dropped} more left out by --top or --min-calls`}\n`,
      )
    for (const { id, because } of report.leftOut.slice(0, 10))
      terminal.note(`left out: ${plain(`${id}: ${because}`)}\n`)
    return EXIT.clean
  },
})
