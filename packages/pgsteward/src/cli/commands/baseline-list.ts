// pgsteward baseline list: the active baseline, candidates and the history.

import { listBaselines } from '../../app/baseline/list-baselines.ts'
import { EXIT } from '../../model/error.ts'
import { CONFIG_OPTION, defineCommand, JSON_OPTION } from '../command.ts'
import { loadSettings } from '../load-settings.ts'
import { renderBaselines } from '../render-baseline.ts'

export const baselineList = defineCommand({
  name: 'baseline list',
  usage: 'baseline list [--json]',
  summary: 'list the active baseline, candidates and the history',
  description:
    'Looks in the folder of the active baseline (load.baselineFile, default benchmarks/main-baseline.json) and in history/ beside it.',
  examples: ['pgsteward baseline list', 'pgsteward baseline list --json'],
  options: { ...CONFIG_OPTION, ...JSON_OPTION },
  async run(_positionals, options, context) {
    const { terminal, cwd } = context
    const { baselineFile } = await loadSettings(context, options.config)
    const listed = await listBaselines(baselineFile)
    terminal.out(
      options.json ? `${JSON.stringify(listed, null, 2)}\n` : renderBaselines(listed, cwd, terminal),
    )
    return EXIT.clean
  },
})
