// The configuration of limits in other systems, by condition.

import { z } from 'zod'
import { limitProblem, withLimits } from '../../export/definitions-limits.ts'
import { policyDefinitions } from '../../export/definitions-policies.ts'

const IDS = policyDefinitions().flatMap(({ conditions }) => conditions.map(({ id }) => id))

export const limitsSchema = z
  .partialRecord(
    z.enum(IDS as [string, ...string[]]),
    z.strictObject({
      warning: z.number().nonnegative().nullable().optional().describe('null: none.'),
      critical: z.number().nonnegative().optional().describe('Where an issue is opened as critical.'),
    }),
  )
  .superRefine((limits, context) => {
    for (const condition of withLimits(policyDefinitions(), limits).flatMap(({ conditions }) => conditions)) {
      const problem = limitProblem(condition)
      if (problem !== null) context.addIssue({ code: 'custom', path: [condition.id], message: problem })
    }
  })
  .prefault({})
  .describe('In place of those of the guide, by condition; durations in seconds, shares as ratios.')
