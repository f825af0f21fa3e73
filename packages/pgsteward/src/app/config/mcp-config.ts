// mcp of the configuration: which coding agents may ask what.

import { z } from 'zod'
import { MCP_SCOPES } from '../../model/mcp-scope.ts'

const tokenSchema = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(100)
    .describe('Who it is for: the log names it with each call, and proposals carry it.'),
  token: z
    .string()
    .min(16, 'at least 16 characters')
    .describe('Bearer token; take it from the environment, so that it stands in no file.'),
  scopes: z
    .array(z.enum(MCP_SCOPES))
    .min(1)
    .prefault(['read'])
    .describe(
      'read: findings, statements, tables, alerts. explain: questions to the planner twin, which takes some 300 MB while it is used. propose: leaves proposals on findings. None of them changes a target.',
    ),
  targets: z
    .array(z.string())
    .min(1)
    .optional()
    .describe('Ids of the targets that it may see. Default: all.'),
})

export const mcpSchema = z.strictObject({
  tokens: z
    .array(tokenSchema)
    .refine((tokens) => new Set(tokens.map(({ name }) => name)).size === tokens.length, 'each name once')
    .refine((tokens) => new Set(tokens.map(({ token }) => token)).size === tokens.length, 'each token once')
    .prefault([])
    .describe(
      'Agents that may use /mcp of the running server, beside tokens of `pgsteward token create`, which may by their role. Nobody may without a token.',
    ),
  callsPerMinute: z
    .number()
    .int()
    .min(1)
    .prefault(120)
    .describe(
      'Of each token. An agent at work makes some ten a minute; an endless loop of one is stopped by this.',
    ),
})

export type McpConfig = z.output<typeof mcpSchema>
