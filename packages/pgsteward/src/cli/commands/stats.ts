// pgsteward stats export: what the planner knows of a target, as a file that twins are built from elsewhere.

import { resolve } from 'node:path'
import { runStatsExport } from '../../app/twin/stats-export.ts'
import { EXIT, StewardError } from '../../model/error.ts'
import { formatBytes } from '../../report/format.ts'
import { defineCommand, JSON_OPTION } from '../command.ts'
import { plain } from '../render-check.ts'
import { requireSource } from './twin.ts'

export const stats = defineCommand({
  name: 'stats',
  usage: 'stats export URL --out FILE [--redact]',
  summary: "write a target's schema and planner statistics to a file",
  description:
    'The file holds no rows, but pg_stats samples values from them: it is written readable by its owner alone. With --redact every ' +
    'such value is replaced by a surrogate that keeps the order; the file says which it is. The schema with the literals of its ' +
    'checks and predicates is kept as it is.',
  examples: ['pgsteward stats export $DATABASE_URL --out statistics.json --redact'],
  options: {
    out: { type: 'string', example: 'FILE', help: 'where to write' },
    redact: { type: 'boolean', help: 'surrogates in place of the values of rows' },
    ...JSON_OPTION,
  },
  async run(positionals, options, { terminal, cwd, env }) {
    const [action, source, ...rest] = positionals
    if (action !== 'export') {
      throw new StewardError('usage', action === undefined ? 'export?' : `"stats ${action}" is not known`, {
        hint: 'pgsteward stats export URL --out FILE',
      })
    }
    const urlOrFile = requireSource(source ?? env.DATABASE_URL, rest, 'stats export', cwd)
    if (options.out === undefined)
      throw new StewardError('usage', 'into which file?', {
        hint: 'pgsteward stats export URL --out FILE',
      })
    const report = await runStatsExport({
      urlOrFile,
      out: resolve(cwd, options.out),
      redact: options.redact ?? false,
      now: () => new Date(),
      onProgress: terminal.progress,
    })
    if (options.json) terminal.out(`${JSON.stringify(report, null, 2)}\n`)
    else {
      const values =
        report.values === 'surrogate' ? 'values replaced by surrogates' : 'with sampled values of rows'
      terminal.out(
        `${report.out}: ${report.tables} tables, statistics of ${report.columnsWithStatistics} columns, ${values}, ${formatBytes(report.bytes)}\n`,
      )
    }
    for (const { kind, name, because } of report.leftOut)
      terminal.note(`left out: ${plain(`${kind} ${name}: ${because}`)}\n`)
    return EXIT.clean
  },
})
