// pgsteward baseline show: one baseline in full.

import { resolve } from 'node:path'
import { baselineView } from '../../app/baseline/baseline-view.ts'
import { readBaselineFile } from '../../app/load/read-run-file.ts'
import { EXIT, StewardError } from '../../model/error.ts'
import { CONFIG_OPTION, defineCommand, JSON_OPTION } from '../command.ts'
import { loadSettings } from '../load-settings.ts'
import { renderBaseline } from '../render-baseline.ts'

export const baselineShow = defineCommand({
  name: 'baseline show',
  usage: 'baseline show [FILE] [--json]',
  summary: 'show what a baseline holds: endpoints, noise, statements, runs',
  description:
    'Without FILE the active one. Percentiles are of all runs together, from their added histograms.',
  examples: [
    'pgsteward baseline show',
    'pgsteward baseline show benchmarks/history/2026-11-02-load.json --json',
  ],
  options: { ...CONFIG_OPTION, ...JSON_OPTION },
  async run([file, ...more], options, context) {
    const { terminal, cwd } = context
    if (more.length > 0)
      throw new StewardError('usage', `"${more[0]}" is one argument too many`, {
        hint: 'pgsteward baseline show [FILE]',
      })
    const path =
      file === undefined ? (await loadSettings(context, options.config)).baselineFile : resolve(cwd, file)
    const view = baselineView(path, await readBaselineFile(path))
    terminal.out(options.json ? `${JSON.stringify(view, null, 2)}\n` : renderBaseline(view, terminal))
    return EXIT.clean
  },
})
