// pgsteward baseline promote: makes a baseline the active one, unless that froze a regression.

import { userInfo } from 'node:os'
import { relative, resolve } from 'node:path'
import { promoteBaseline } from '../../app/baseline/promote-baseline.ts'
import { EXIT, StewardError } from '../../model/error.ts'
import { comparisonText } from '../../report/comparison-text.ts'
import { CONFIG_OPTION, defineCommand, JSON_OPTION } from '../command.ts'
import { loadSettings } from '../load-settings.ts'
import { paint } from '../paint.ts'
import { plain } from '../render-check.ts'

const USAGE = 'baseline promote FILE --reason TEXT [--by NAME] [--to FILE] [--even-if-slower]'

export const baselinePromote = defineCommand({
  name: 'baseline promote',
  usage: USAGE,
  summary: 'make a baseline the active one, and archive the one before',
  description:
    'The active baseline is load.baselineFile (default benchmarks/main-baseline.json), kept in git with who promoted it, when and why. ' +
    'The one before goes to history/ beside it. The two are compared first: a slower one is refused (exit code 1), since what is frozen ' +
    'once is never found again; --even-if-slower says that it is meant. Over 10 % faster, a renewal is due.',
  examples: [
    'pgsteward baseline promote benchmarks/load-candidate.json --reason "index on message.conversation_id"',
    'pgsteward baseline promote next.json --reason "encryption at rest costs 12 %" --by "Dana" --even-if-slower',
  ],
  options: {
    reason: { type: 'string', example: 'TEXT', help: 'kept in the file' },
    by: { type: 'string', example: 'NAME', help: 'default: the user that runs this' },
    to: { type: 'string', example: 'FILE', help: 'the active baseline of another scenario' },
    'even-if-slower': { type: 'boolean', help: 'promote it though it is slower' },
    ...CONFIG_OPTION,
    ...JSON_OPTION,
  },
  async run([file, ...more], options, context) {
    const { terminal, cwd, env } = context
    if (file === undefined || more.length > 0)
      throw new StewardError(
        'usage',
        file === undefined ? 'which baseline?' : `"${more[0]}" is one argument too many`,
        {
          hint: `pgsteward ${USAGE}`,
        },
      )
    const reason = options.reason?.trim() ?? ''
    if (reason === '')
      throw new StewardError('usage', 'for which reason?', {
        detail: 'Who meets this baseline in a year wants to know why it was taken.',
        hint: `pgsteward ${USAGE}`,
      })
    const to =
      options.to === undefined
        ? (await loadSettings(context, options.config)).baselineFile
        : resolve(cwd, options.to)
    const promotion = await promoteBaseline({
      file: resolve(cwd, file),
      to,
      reason,
      by: options.by ?? (env.GITHUB_ACTOR || env.GITLAB_USER_LOGIN || userName()),
      evenIfSlower: options['even-if-slower'] ?? false,
      now: new Date(),
    })
    const { baseline, comparison, isPromoted, because, archived, path, notes } = promotion
    for (const note of notes) terminal.note(`${plain(note)}\n`)
    if (options.json) {
      const { runs, ...head } = baseline
      terminal.out(
        `${JSON.stringify({ isPromoted, because, path, archived, baseline: { ...head, runs: runs.map(({ id }) => id) }, comparison, notes }, null, 2)}\n`,
      )
    } else if (isPromoted) {
      terminal.out(
        `${relative(cwd, path)} is now ${plain(baseline.name)}, ${baseline.runs.length} ${baseline.runs.length === 1 ? 'run' : 'runs'}. ${plain(because)}\n`,
      )
      if (archived !== null) terminal.out(`The one before: ${relative(cwd, archived)}\n`)
    } else {
      if (comparison !== null) terminal.out(comparisonText(comparison, paint(terminal.isColoured)))
      terminal.out(`Not promoted. ${plain(because)}\nIf that is meant: --even-if-slower.\n`)
    }
    return isPromoted ? EXIT.clean : EXIT.gate
  },
})

function userName(): string {
  try {
    return userInfo().username
  } catch {
    return 'unknown'
  }
}
