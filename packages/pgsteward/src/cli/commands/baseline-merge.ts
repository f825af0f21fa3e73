// pgsteward baseline merge: sets of runs united, or the parts of one run made one.

import { relative, resolve } from 'node:path'
import { mergeBaselines } from '../../app/baseline/merge-baselines.ts'
import { EXIT, StewardError } from '../../model/error.ts'
import { defineCommand, JSON_OPTION } from '../command.ts'
import { plain } from '../render-check.ts'

const USAGE = 'baseline merge FILE... --out FILE [--as-one] [--name NAME]'

export const baselineMerge = defineCommand({
  name: 'baseline merge',
  usage: USAGE,
  summary: 'unite the runs of several baselines, or make one run of its parts',
  description:
    'Files are baselines, runs, or what k6 and other tools wrote. A run that several hold counts once; the last 20 stay. With --as-one ' +
    'the files are parts of one run that went on at the same time (the pods of a k6-operator TestRun): histograms and counts are added, ' +
    'so the percentiles are those of all requests together, which averages of percentiles are not.',
  examples: [
    'pgsteward baseline merge benchmarks/main-baseline.json today.json --out benchmarks/next.json',
    'pgsteward baseline merge pod-1.ndjson pod-2.ndjson --as-one --out run.json',
  ],
  options: {
    out: { type: 'string', example: 'FILE', help: 'where to write; may be one of the files' },
    'as-one': { type: 'boolean', help: 'the files are parts of one run' },
    name: { type: 'string', example: 'NAME', help: "of the new baseline (default: the first baseline's)" },
    ...JSON_OPTION,
  },
  async run(files, options, { terminal, cwd }) {
    if (files.length === 0) throw new StewardError('usage', 'merge what?', { hint: `pgsteward ${USAGE}` })
    if (options.out === undefined)
      throw new StewardError('usage', 'into which file?', { hint: `pgsteward ${USAGE}` })
    const merged = await mergeBaselines({
      files: files.map((file) => resolve(cwd, file)),
      out: resolve(cwd, options.out),
      asOne: options['as-one'] ?? false,
      name: options.name,
      now: new Date(),
    })
    for (const note of merged.notes) terminal.note(`${plain(note)}\n`)
    const requests = `${merged.requests.toLocaleString('en-US')} requests`
    terminal.out(
      options.json
        ? `${JSON.stringify(merged, null, 2)}\n`
        : merged.kind === 'run'
          ? `${relative(cwd, merged.path)}: one run of ${merged.runs} parts, ${requests}\n`
          : `${relative(cwd, merged.path)}: a baseline of ${merged.runs} ${merged.runs === 1 ? 'run' : 'runs'}, ${requests}\n`,
    )
    return EXIT.clean
  },
})
