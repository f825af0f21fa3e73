// When an index that a condition passes by is worth telling: of a table with pages to save, visited in large part, often enough.

import { z } from 'zod'

export const BLOCK_BYTES = 8192
/** Below, reading the whole table is as quick as an index. */
export const FEWEST_PAGES = 32

export const PASSED_BY_INDEX = z.object({
  minCalls: z.number().int().positive().prefault(5).describe('Within the interval: not what somebody tried.'),
  minShareOfTable: z
    .number()
    .gt(0)
    .max(1)
    .prefault(0.2)
    .describe(
      'Pages visited a call, as a share of the table: where another index serves the statement it visits few.',
    ),
  warnBusy: z
    .number()
    .positive()
    .prefault(0.05)
    .describe('Mean number of sessions busy with it: three seconds of each minute, spent on one condition.'),
})
