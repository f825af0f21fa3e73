// pgsteward session: who is signed in to the dashboard, and how to end that.

import { z } from 'zod'
import { accessSessionWire } from '../../model/access-wire.ts'
import { EXIT, StewardError } from '../../model/error.ts'
import { ADMIN_OPTIONS, askAdmin } from '../admin-server.ts'
import { defineCommand } from '../command.ts'
import { paint } from '../paint.ts'
import { sessionLines } from '../render-access.ts'

export const sessionList = defineCommand({
  name: 'session list',
  usage: 'session list',
  summary: 'who is signed in, since when, from where',
  description: 'Sessions that go on; the one seen last stands first.',
  examples: ['pgsteward session list'],
  options: ADMIN_OPTIONS,
  async run(_, options, { terminal, ...context }) {
    const sessions = await askAdmin(context, options, {
      path: 'sessions',
      answer: z.array(accessSessionWire),
      inStore: async ({ access, adminToken }) => [...(await access.sessions(adminToken))],
    })
    terminal.out(
      options.json
        ? `${JSON.stringify(sessions, null, 2)}\n`
        : sessionLines(sessions, paint(terminal.isColoured)),
    )
    return EXIT.clean
  },
})

export const sessionEnd = defineCommand({
  name: 'session end',
  usage: 'session end ID',
  summary: 'somebody has to sign in again',
  description: 'At once. The token that it began with can begin another: revoke that to keep somebody out.',
  examples: ['pgsteward session end 12'],
  options: ADMIN_OPTIONS,
  async run([id], options, { terminal, ...context }) {
    if (id === undefined)
      throw new StewardError('usage', 'which session?', { hint: 'pgsteward session list shows their ids.' })
    await askAdmin(context, options, {
      path: `sessions/${encodeURIComponent(id)}/end`,
      answer: z.object({}),
      body: {},
      inStore: async ({ access }) => {
        await access.end(id)
        return {}
      },
    })
    terminal.out(options.json ? '{}\n' : `ended: session ${id}\n`)
    return EXIT.clean
  },
})
