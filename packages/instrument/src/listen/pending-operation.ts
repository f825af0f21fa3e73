// Prisma's comments plugin runs synchronously right before the driver adapter sends a statement: it leaves model and action here,
// and the patched driver takes them when the text is the same. No context per operation, which on Node 20 costs 64 microseconds.

import type { CallSite } from '../record/drained.ts'

export interface PendingOperation {
  sql: string | null
  model: string | null
  action: string | null
  /** Where the application called Prisma, where the extension knows it; parses a stack, so ask only for what is sampled or slow. */
  callSite: (() => CallSite | null) | null
}

export const pendingOperation: PendingOperation = { sql: null, model: null, action: null, callSite: null }
