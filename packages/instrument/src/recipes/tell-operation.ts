// Leaves table and operation of a statement for the patched driver that sends it next.

import { pendingOperation } from '../listen/pending-operation.ts'
import { summaryOf } from '../sql/sql.ts'

const known = new Map<string, { readonly model: string | null; readonly action: string }>()
const MAX_KNOWN = 1000

/** `action`: as the library calls it; otherwise the statement's own: `select`. Never throws. */
export function tellOperation(sql: string, action?: string): void {
  let operation = known.get(sql)
  if (operation === undefined) {
    const summary = summaryOf(sql)
    operation = { model: summary.collection, action: summary.operation.toLowerCase() }
    // texts that are built anew each time must not fill it
    if (known.size < MAX_KNOWN) known.set(sql, operation)
  }
  pendingOperation.sql = sql
  pendingOperation.model = operation.model
  pendingOperation.action = action ?? operation.action
  pendingOperation.callSite = null
}
