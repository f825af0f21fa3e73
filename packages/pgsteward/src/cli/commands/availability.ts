// pgsteward availability: what is reached from outside and for how much of the time, error budgets, outages.

import { z } from 'zod'
import { loadConfig } from '../../app/config/load-config.ts'
import { ALL_CHECKS } from '../../checks/all.ts'
import { availabilityWire } from '../../model/availability-wire.ts'
import { EXIT, StewardError } from '../../model/error.ts'
import { parseDuration } from '../../model/units.ts'
import { targetWire } from '../../model/wire.ts'
import { askServer, runningServer } from '../ask-server.ts'
import { CONFIG_OPTION, defineCommand, JSON_OPTION } from '../command.ts'
import { paint } from '../paint.ts'
import { availabilityLines } from '../render-availability.ts'

export const availability = defineCommand({
  name: 'availability',
  usage: 'availability [--target ID] [--window 14d] [--json]',
  summary: 'what is up, uptime over 24 hours to 90 days, what is left of error budgets, outages',
  description:
    'Asks the pgsteward that runs on this machine, or the one at --server. Uptime is of what was seen: while pgsteward itself was not ' +
    'running nobody asked, and how much of a window that leaves is told. Exit code 1 while something is down.',
  examples: ['pgsteward availability', 'pgsteward availability --target shop --window 14d --json'],
  options: {
    target: { type: 'string', example: 'ID', help: 'of this target alone' },
    window: { type: 'string', example: '14d', help: 'another window of uptime, 1h to 366d' },
    server: {
      type: 'string',
      example: 'URL',
      help: 'the pgsteward that runs there (default: that of the configuration)',
    },
    ...CONFIG_OPTION,
    ...JSON_OPTION,
  },
  async run(_, options, { terminal, cwd, env }) {
    const windowMs = options.window === undefined ? null : parseDuration(options.window)
    if (options.window !== undefined && windowMs === null)
      throw new StewardError('usage', `--window ${options.window} is not a duration`, {
        hint: 'Write it as 12h, 14d or 60d.',
      })
    const { config } = await loadConfig({
      checks: ALL_CHECKS,
      cwd,
      env,
      ...(options.config === undefined ? {} : { file: options.config }),
    })
    const server = await runningServer(config, options.server)
    const ids =
      options.target === undefined
        ? (await askServer(server, 'targets', z.array(targetWire))).map(({ id }) => id)
        : [options.target]
    const known = await Promise.all(
      ids.map((id) => {
        const query = new URLSearchParams({
          target: id,
          ...(windowMs === null ? {} : { window: options.window! }),
        })
        return askServer(server, `availability?${query}`, availabilityWire)
      }),
    )
    if (options.json) terminal.out(`${JSON.stringify(known, null, 2)}\n`)
    else
      terminal.out(
        known.map((each) => availabilityLines(each, new Date(), paint(terminal.isColoured))).join('\n'),
      )
    return known.some(({ probes }) => probes.some(({ state }) => state === 'down')) ? EXIT.gate : EXIT.clean
  },
})
