// What a coding agent may do by MCP: read what is known, ask planner twins, suggest remedies. Nothing else can be granted.

import type { AUDITED_BY, Role } from './access.ts'

export const MCP_SCOPES = ['read', 'explain', 'propose'] as const
export type McpScope = (typeof MCP_SCOPES)[number]

/** What a session of MCP may do. */
export interface McpGrant {
  /** Who asks, as the log and proposals name it. */
  readonly name: string
  /** How it is known, and its role, as the audit log has them; an agent of the configuration has none. */
  readonly by: Exclude<(typeof AUDITED_BY)[number], 'session'>
  readonly role: Role | null
  readonly scopes: ReadonlySet<McpScope>
  /** Ids; null: all targets. */
  readonly targets: readonly string[] | null
}

/**
 * Of a token of the server (`pgsteward token`): who reads may read, who decides may ask twins and propose as well. Estimates of a twin tell
 * something of values, so they are no viewer's.
 */
export const SCOPES_OF_ROLE: Readonly<Record<Role, readonly McpScope[]>> = {
  viewer: ['read'],
  operator: MCP_SCOPES,
  admin: MCP_SCOPES,
}
