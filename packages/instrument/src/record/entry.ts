// What was recorded on behalf of a request and waits for its end, since a framework tells the route last: Express knows it when the
// response is finished, and a query of the middleware before belongs to it too.

import type { Statement } from './statement-table.ts'

export interface Entry {
  /** Null: no statement, but a call or a metric. */
  readonly statement: Statement | null
  next: Entry | null
  /** Adds itself to the statistics of this route. */
  settle(route: string | null): void
}
