// Calls of coding agents in the audit log: those that leave something, and those that were refused for who asked, as of requests over HTTP.

import type { AuditDesk } from '../app/access/audit-desk.ts'
import type { McpGrant } from '../model/mcp-scope.ts'
import type { McpCall } from './call-tool.ts'

/** Of those that are kept; what was sent is not in them. */
const STATUS: Readonly<Record<McpCall['outcome'], number>> = {
  answered: 200,
  refused: 400,
  'not permitted': 403,
  failed: 500,
}

/** Rejects where the store cannot keep it. `address`: where it came from. */
export async function auditCall(
  audit: Pick<AuditDesk, 'note'>,
  call: McpCall,
  { name, by, role }: McpGrant,
  { address, path }: { readonly address: string; readonly path: string },
): Promise<void> {
  const { tool, target, outcome, because, leavesSomething } = call
  if (!leavesSomething && outcome !== 'not permitted') return
  const status = STATUS[outcome]
  await audit.note({
    actor: name,
    role,
    by,
    address,
    action: `MCP ${tool}`,
    path,
    target,
    status,
    because: status >= 400 ? because : null,
  })
}
