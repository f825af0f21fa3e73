// Drizzle on node-postgres needs nothing: its statements are seen by the patched pg. `drizzle(pool, { logger: drizzleLogger() })` adds
// what pg can't know, the table as model and what is done with it, so that statistics by model and action are there without Prisma.

import { getRecorder } from '../current-recorder.ts'
import { tellOperation } from './tell-operation.ts'

export interface DrizzleLogger {
  logQuery(query: string, parameters: unknown[]): void
}

/** `next`: another logger that shall hear too. Drizzle logs right before it sends, in the same go. */
export function drizzleLogger(next?: DrizzleLogger): DrizzleLogger {
  return {
    logQuery: (query, parameters) => {
      if (getRecorder() !== null) tellOperation(query)
      next?.logQuery(query, parameters)
    },
  }
}
