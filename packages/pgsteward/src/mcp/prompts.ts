// Prompts: ways of working that people start by name, each ending in something that people decide on.

import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { z } from 'zod'

export function registerPrompts(server: McpServer): void {
  server.registerPrompt(
    'investigate_slow_route',
    {
      title: 'Investigate a slow route',
      description: 'From a route to the statements behind it, their plans, and a remedy that was tried.',
      argsSchema: {
        route: z.string().max(300).describe('As the application names it: GET /orders/:id.'),
        target: z.string().max(200).optional(),
      },
    },
    ({ route, target }) =>
      asked(
        [
          `Find out why the route ${JSON.stringify(route)} is slow${target === undefined ? '' : `, on the target ${JSON.stringify(target)}`}.`,
          '1. list_slow_queries with this route, and list_findings that name it: which statements take the time, and since when?',
          '2. get_statement for the heaviest: its plan in words, whether the plan changed, what it waits for, the line of code that sends it.',
          '3. Try a remedy before you name it: what_if_index for an index (also over the whole workload, for what it does to others), explain_query for the statement written otherwise.',
          '4. Say what you found with its numbers, what you tried and what it brought, and what you could not learn. Leave it with propose_remedy where you may; run nothing on the database.',
        ].join('\n'),
      ),
  )
  server.registerPrompt(
    'review_migration',
    {
      title: 'Review a migration',
      description: 'Locks, rewrites, durations and plans of a migration, and a safer way to do the same.',
      argsSchema: {
        sql: z.string().max(50_000).describe('The migration.'),
        target: z.string().max(200).optional(),
      },
    },
    ({ sql, target }) =>
      asked(
        [
          `Review this migration before it runs${target === undefined ? '' : ` on the target ${JSON.stringify(target)}`}:`,
          '',
          sql,
          '',
          '1. review_migration with this SQL: what is locked, who waits and for how long, what is lost, which plans change.',
          '2. For each critical finding rewrite the statement the safer way, and review the whole again.',
          '3. Say which statements are safe as they are, which are not and why, with the numbers; end with the SQL to run, in the order and the transactions in which it must run.',
        ].join('\n'),
      ),
  )
}

function asked(text: string) {
  return { messages: [{ role: 'user' as const, content: { type: 'text' as const, text } }] }
}
