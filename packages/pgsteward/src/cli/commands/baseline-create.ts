// pgsteward baseline create: a baseline from runs, as a file for git.

import { relative, resolve } from 'node:path'
import { createBaseline } from '../../app/baseline/create-baseline.ts'
import { EXIT, StewardError } from '../../model/error.ts'
import { CONFIG_OPTION, defineCommand, JSON_OPTION } from '../command.ts'
import { loadSettings } from '../load-settings.ts'
import { plain } from '../render-check.ts'

const USAGE = 'baseline create RUN... | --from SCENARIO [--last N] [--name NAME] [--out FILE]'
const LAST = 10

export const baselineCreate = defineCommand({
  name: 'baseline create',
  usage: USAGE,
  summary: 'make a baseline from valid runs of one scenario',
  description:
    'A baseline is a set of runs, not one: how far runs differ by themselves is part of it. It takes valid runs of one scenario, one ' +
    'engine and one class of host, 20 at most; others are named and left out or refused. The file is a candidate until it is promoted. ' +
    'Runs keep their histograms, so percentiles of several runs are exact and never averages.',
  examples: [
    'pgsteward baseline create --from load',
    'pgsteward baseline create .pgsteward/runs/2026*-load-*.json --out benchmarks/load-candidate.json',
  ],
  options: {
    from: {
      type: 'string',
      example: 'SCENARIO',
      help: 'its last valid runs in the folder of runs (load.dir)',
    },
    last: { type: 'string', example: 'N', help: `with --from: how many (default ${LAST}, at most 20)` },
    name: { type: 'string', example: 'NAME', help: 'default: the scenario' },
    out: { type: 'string', example: 'FILE', help: 'default: NAME-candidate.json beside the active baseline' },
    ...CONFIG_OPTION,
    ...JSON_OPTION,
  },
  async run(files, options, context) {
    const { terminal, cwd } = context
    if ((files.length === 0) === (options.from === undefined))
      throw new StewardError(
        'usage',
        files.length === 0 ? 'of which runs?' : 'files and --from exclude each other',
        {
          hint: `pgsteward ${USAGE}`,
        },
      )
    const last = Number(options.last ?? LAST)
    if (!Number.isInteger(last) || last < 1 || last > 20)
      throw new StewardError('usage', `--last ${options.last} is not a number from 1 to 20`)
    const { runsDir, baselineFile } = await loadSettings(context, options.config)
    const { path, baseline, notes } = await createBaseline({
      files: files.map((file) => resolve(cwd, file)),
      from: options.from === undefined ? null : { scenario: options.from, last },
      runsDir,
      baselineFile,
      name: options.name,
      out: options.out === undefined ? undefined : resolve(cwd, options.out),
      now: new Date(),
    })
    for (const note of notes) terminal.note(`${plain(note)}\n`)
    const shown = relative(cwd, path)
    if (options.json) {
      const { runs, ...head } = baseline
      terminal.out(`${JSON.stringify({ path, ...head, runs: runs.map(({ id }) => id), notes }, null, 2)}\n`)
    } else
      terminal.out(
        `${shown}: ${baseline.runs.length} ${baseline.runs.length === 1 ? 'run' : 'runs'} of ${plain(baseline.scenario.id)} on ${baseline.hostClass}\nIt counts once it is promoted: pgsteward baseline promote ${shown} --reason "..."\n`,
      )
    return EXIT.clean
  },
})
