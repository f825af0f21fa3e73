// The configuration's section on incidents: which alerts open one, what joins it, what is looked for around it.

import { z } from 'zod'
import { duration } from '../../model/units.ts'

export const incidentsSchema = z.strictObject({
  open: z
    .boolean()
    .prefault(true)
    .describe('A critical alert that somebody is told of opens an incident. false: people open them.'),
  joinWithin: duration()
    .prefault('15m')
    .describe(
      "An alert that opens this near to another of the same target joins its incident, and so does one this near to the incident's end. " +
        'A judgement: what one fault sets off shows within a quarter of an hour.',
    ),
  around: duration()
    .prefault('30m')
    .describe(
      'Deployments, changes and maintenance this long before it began stand in its timeline. A judgement.',
    ),
})
export type IncidentsConfig = z.output<typeof incidentsSchema>
