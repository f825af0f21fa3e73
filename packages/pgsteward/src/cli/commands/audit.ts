// pgsteward audit: what was asked that writes, or was refused; by whom, from where.

import { z } from 'zod'
import { AUDIT_OUTCOMES, auditEntryWire } from '../../model/access-wire.ts'
import { EXIT, StewardError } from '../../model/error.ts'
import { parseDuration } from '../../model/units.ts'
import { ADMIN_OPTIONS, askAdmin } from '../admin-server.ts'
import { oneOf } from '../arguments.ts'
import { defineCommand } from '../command.ts'
import { paint } from '../paint.ts'
import { auditLines } from '../render-access.ts'

export const audit = defineCommand({
  name: 'audit',
  usage: `audit [--since 7d] [--actor NAME] [--outcome ${AUDIT_OUTCOMES.join('|')}] [--limit 200]`,
  summary: 'what was asked of the API that writes, or was refused: who, from where, what came of it',
  description:
    'The latest first. The store lets nobody change an entry, and deletes none before 90 days; server.keepAudit says when it goes. What ' +
    'was sent is not kept: records have what was decided.',
  examples: ['pgsteward audit --since 24h', 'pgsteward audit --outcome refused --json'],
  options: {
    since: { type: 'string', example: '7d', help: 'within this time (default 7d)' },
    actor: { type: 'string', example: 'NAME', help: 'of this one alone' },
    outcome: { type: 'string', example: 'OUTCOME', help: AUDIT_OUTCOMES.join(', ') },
    limit: { type: 'string', example: '200', help: 'at most so many (default 200, up to 1000)' },
    ...ADMIN_OPTIONS,
  },
  async run(_, options, { terminal, ...context }) {
    const sinceMs = parseDuration(options.since ?? '7d')
    if (sinceMs === null)
      throw new StewardError('usage', `--since ${options.since} is not a duration`, {
        hint: 'Write it as 24h or 7d.',
      })
    const limit = Number(options.limit ?? 200)
    if (!Number.isInteger(limit) || limit < 1 || limit > 1000)
      throw new StewardError('usage', `--limit ${options.limit} is not a number of entries`, {
        hint: 'From 1 to 1000.',
      })
    const filter = {
      since: new Date(Date.now() - sinceMs).toISOString(),
      limit,
      ...(options.actor === undefined ? {} : { actor: options.actor }),
      ...(options.outcome === undefined
        ? {}
        : { outcome: oneOf('--outcome', options.outcome, AUDIT_OUTCOMES, 'done') }),
    }
    const query = new URLSearchParams(
      Object.entries(filter).map(([name, value]) => [name, String(value)] as [string, string]),
    )
    const entries = await askAdmin(context, options, {
      path: `audit?${query}`,
      answer: z.array(auditEntryWire),
      inStore: async ({ audit }) => [...(await audit.entries(filter))],
    })
    terminal.out(
      options.json
        ? `${JSON.stringify(entries, null, 2)}\n`
        : auditLines(entries, paint(terminal.isColoured)),
    )
    return EXIT.clean
  },
})
