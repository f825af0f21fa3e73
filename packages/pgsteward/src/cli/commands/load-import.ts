// pgsteward load import: what another load tool measured, as a run that can be shown, kept and, where it tells enough, compared.

import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { importRuns } from '../../app/load/import-run.ts'
import { EXIT, StewardError } from '../../model/error.ts'
import { parseDuration } from '../../model/units.ts'
import { loadReportText } from '../../report/load-report-text.ts'
import { defineCommand, JSON_OPTION } from '../command.ts'
import { scalesOf } from '../load-scales.ts'
import { paint } from '../paint.ts'
import { plain } from '../render-check.ts'

const USAGE = 'load import FILE... [--merge] [--scenario ID] [--out FILE] [--json]'

export const loadImport = defineCommand({
  name: 'load import',
  usage: USAGE,
  summary: 'read what k6, autocannon, Artillery, pgbench or wrk measured',
  description:
    'The format is found out by content: k6 NDJSON and CSV (also gzipped), k6 summaries of each kind, autocannon --json, Artillery 2 ' +
    'reports, pgbench (its output, --log, --aggregate-interval), wrk and wrk2; own runs and baselines pass through. Single values become ' +
    'histograms, which add up and can be compared; what a tool gave as percentiles only is shown, and marked as not to be compared. ' +
    'Several files print a list; with --merge they are parts of one run (runners of a cluster), and its percentiles come from the ' +
    'added histograms. --scenario names what was run: a scenario of ours gives its thresholds and its warm-up, any other name says ' +
    'that runs of that name are of one definition.',
  examples: [
    'pgsteward load import k6.ndjson.gz',
    'pgsteward load import runner-*.ndjson --merge --scenario load --out run.json',
    'pgsteward load import pgbench_log.* --merge --json',
  ],
  options: {
    merge: { type: 'boolean', help: 'the files are parts of one run' },
    scenario: { type: 'string', example: 'ID', help: 'what was run: a scenario, or a name of your own' },
    scale: { type: 'string', example: '0.1', help: 'what the scenario was scaled by' },
    'time-scale': { type: 'string', example: '0.1', help: 'factor on time alone' },
    'users-scale': { type: 'string', example: '2', help: 'factor on users or rate alone' },
    'warm-up': { type: 'string', example: '30s', help: 'not counted, at the beginning' },
    out: { type: 'string', example: 'FILE', help: 'write the run there (several: a list)' },
    ...JSON_OPTION,
  },
  async run(files, options, { terminal, cwd, signal }) {
    if (files.length === 0) throw new StewardError('usage', 'which file?', { hint: `pgsteward ${USAGE}` })
    const runs = await importRuns(
      files.map((file) => resolve(cwd, file)),
      {
        merge: options.merge ?? false,
        scenario: options.scenario,
        cwd,
        ...scalesOf(options),
        warmUpMs: durationOf(options['warm-up']),
        signal,
        onProgress: terminal.progress,
      },
    )
    const json = `${JSON.stringify(runs.length === 1 ? runs[0] : runs, null, 2)}\n`
    if (options.out !== undefined) await write(resolve(cwd, options.out), json)
    if (options.json) terminal.out(json)
    else for (const run of runs) terminal.out(loadReportText(run, [], paint(terminal.isColoured)))
    if (options.out !== undefined) terminal.note(`written: ${plain(options.out)}\n`)
    return EXIT.clean
  },
})

function durationOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const ms = parseDuration(text)
  if (ms === null)
    throw new StewardError('usage', `--warm-up ${text} is no duration`, { hint: 'Such as 30s or 2m.' })
  return ms
}

async function write(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text)
  } catch (cause) {
    throw new StewardError('file-not-written', `${path} could not be written`, {
      detail: (cause as Error).message,
      cause,
    })
  }
}
