// A list that is paged by OFFSET: for each page the server reads all pages before it and throws them away.

import { z } from 'zod'
import { rewrites } from '../../facts/rewrites.ts'
import { statementTexts } from '../../facts/statement-texts.ts'
import { statements } from '../../facts/statements.ts'
import { defineCheck } from '../../model/check.ts'
import { provenRewrite } from './rewrite-evidence.ts'
import { loadEvidence, querySubject, statementLoads } from './statement-load.ts'

/** With a parameter: a constant offset is somebody's trick for the planner, not a page number. */
const PAGES_BY_OFFSET = /\boffset\s+\$\d+/i

/**
 * Prisma writes OFFSET with every list, and 0 mostly: its text tells nothing. What its application really skips is told by the
 * application (deep-offset).
 */
const BY_PRISMA = /^select\s.*?"[^"]+"\."[^"]+"\."[^"]+".*\boffset\s+\$\d+\s*$/is

export const offsetPaging = defineCheck({
  id: 'offset-paging',
  area: 'query',
  title: 'List paged by OFFSET that reads far',
  needs: { statements, statementTexts, rewrites },
  options: z.object({
    minBlocks: z
      .number()
      .positive()
      .prefault(1_000)
      .describe(
        'Pages of 8 kB visited a call on average: 8 MB for one screen. First pages alone visit some dozens.',
      ),
    minBlocksPerRow: z
      .number()
      .positive()
      .prefault(10)
      .describe(
        'Pages visited for each row returned: a row by an index takes three or four, whatever the list.',
      ),
    minCalls: z.number().int().positive().prefault(10).describe('Within the interval.'),
  }),
  run({ statements, statementTexts, rewrites }, { minBlocks, minBlocksPerRow, minCalls }, { server }) {
    return statementLoads(server.database, statements, statementTexts)
      .filter(
        (load) =>
          load.calls >= minCalls &&
          load.blocksPerCall >= minBlocks &&
          load.blocksPerCall >= load.rowsPerCall * minBlocksPerRow &&
          PAGES_BY_OFFSET.test(load.text) &&
          !BY_PRISMA.test(load.text),
      )
      .map((load) => ({
        subject: querySubject(load),
        severity: 'info' as const,
        // no remedy: the key to go on from has to come from the application
        summary: 'A list is paged by OFFSET, and the server reads everything before the page each time',
        evidence: [
          { label: 'pages of 8 kB visited a call', value: load.blocksPerCall, unit: 'count' as const },
          { label: 'reported from', value: minBlocks, unit: 'count' as const },
          ...provenRewrite(rewrites, [load.queryId], 'keyset'),
          ...loadEvidence(load),
        ],
      }))
  },
})
