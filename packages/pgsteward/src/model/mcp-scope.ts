// What a coding agent may do by MCP: read what is known, ask planner twins, suggest remedies. Nothing else can be granted.

export const MCP_SCOPES = ['read', 'explain', 'propose'] as const
export type McpScope = (typeof MCP_SCOPES)[number]

/** What a session of MCP may do. */
export interface McpGrant {
  /** Who asks, as the log and proposals name it. */
  readonly name: string
  readonly scopes: ReadonlySet<McpScope>
  /** Ids; null: all targets. */
  readonly targets: readonly string[] | null
}
