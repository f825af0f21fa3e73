// A runbook as the API speaks of it: GET /runbooks/:check, and GET /runbooks?target=&finding= filled with what the finding says.

import { z } from 'zod'

export const runbookWire = z.object({
  checkId: z.string(),
  /** Null: it is filled with nobody's. */
  findingKey: z.string().nullable(),
  /** Markdown. */
  page: z.string(),
})
export type RunbookWire = z.output<typeof runbookWire>
