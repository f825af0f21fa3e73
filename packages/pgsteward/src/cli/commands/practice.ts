// pgsteward practice: how well incidents, changes and optimizations went over a time.

import { EXIT, StewardError } from '../../model/error.ts'
import { practiceWire } from '../../model/practice-wire.ts'
import { parseDuration } from '../../model/units.ts'
import { askServer } from '../ask-server.ts'
import { defineCommand } from '../command.ts'
import { paint } from '../paint.ts'
import { recordServer, SERVER_OPTIONS, TARGET_OPTION } from '../record-command.ts'
import { practiceLines } from '../render-practice.ts'

export const practice = defineCommand({
  name: 'practice',
  usage: 'practice [--since 90d] [--target ID]',
  summary:
    'times to detect, acknowledge and recover; changes that held, reviews, optimizations and what they brought',
  description:
    'Medians and 90th percentiles with the number of incidents that they are of, beside the three spans of the same length before. What is ' +
    'counted when is said in docs/guides/incidents.md.',
  examples: ['pgsteward practice', 'pgsteward practice --since 90d --json'],
  options: {
    since: { type: 'string', example: '90d', help: 'over this time (default 90d)' },
    ...TARGET_OPTION,
    ...SERVER_OPTIONS,
  },
  async run(_, { since = '90d', target, json, ...options }, { terminal, ...context }) {
    if (parseDuration(since) === null || parseDuration(since) === 0)
      throw new StewardError('usage', `--since ${since} is no time`, { hint: 'Such as 90d or 12w.' })
    const server = await recordServer(context, options)
    const query = new URLSearchParams({ range: since, ...(target === undefined ? {} : { target }) })
    const found = await askServer(server, `practice?${query}`, practiceWire)
    terminal.out(
      json ? `${JSON.stringify(found, null, 2)}\n` : practiceLines(found, paint(terminal.isColoured)),
    )
    return EXIT.clean
  },
})
