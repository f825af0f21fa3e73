// Who asks /mcp, and what for: an agent of the configuration, or whoever has a token of the server, by its role and its targets.

import type { FastifyRequest } from 'fastify'
import type { AccessDesk } from '../app/access/access-desk.ts'
import { MCP_SCOPES, type McpGrant, SCOPES_OF_ROLE } from '../model/mcp-scope.ts'
import { bearerOf, isSameToken } from './credentials.ts'

export interface McpToken extends Pick<McpGrant, 'name' | 'scopes' | 'targets'> {
  readonly token: string
}

export interface McpDoor {
  readonly adminToken: string
  /** Of the configuration. */
  readonly tokens: readonly McpToken[]
  /** Tokens of the server; absent in tests of what never asks for them. */
  readonly access: Pick<AccessDesk, 'bearerOf'> | undefined
}

/** Null: no token, or none that is known. A cookie opens nothing here: a browser is no agent. */
export async function mcpGrantOf(
  request: FastifyRequest,
  { adminToken, tokens, access }: McpDoor,
): Promise<McpGrant | null> {
  const bearer = bearerOf(request)
  if (bearer === null) return null
  if (isSameToken(bearer, adminToken))
    return { name: 'admin', by: 'admin token', role: 'admin', scopes: new Set(MCP_SCOPES), targets: null }
  const own = tokens.find(({ token }) => isSameToken(bearer, token))
  if (own !== undefined)
    return { name: own.name, by: 'mcp token', role: null, scopes: own.scopes, targets: own.targets }
  const identity = (await access?.bearerOf(bearer, adminToken)) ?? null
  if (identity === null || identity.actor === null) return null
  const { actor, role, targets } = identity
  return { name: actor, by: 'token', role, scopes: new Set(SCOPES_OF_ROLE[role]), targets }
}

/**
 * What a session belongs to: a token that was revoked and made anew under its name, with fewer targets, does not come into the sessions of
 * the one before.
 */
export function ownerOf({ by, name, role, scopes, targets }: McpGrant): string {
  return JSON.stringify([by, name, role, [...scopes].toSorted(), targets?.toSorted() ?? null])
}
