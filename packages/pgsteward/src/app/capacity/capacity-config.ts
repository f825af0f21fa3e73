// The configuration's section on capacity: what a plan asks for, and limits that neither PostgreSQL nor an application tells.

import { z } from 'zod'
import { size } from '../../model/units.ts'

const limitsSchema = z.strictObject({
  target: z.string().optional().describe('Id of the target; not needed where there is one.'),
  disk: size()
    .optional()
    .describe('Bytes that all databases of the server may take: less than the disk has.'),
  memory: size()
    .optional()
    .describe("The machine's memory that may hold data: shared_buffers and the system's cache."),
  connections: z
    .number()
    .int()
    .positive()
    .optional()
    .describe('What a pooler or a provider lets through, where that is less than max_connections.'),
  queriesPerSecond: z
    .number()
    .positive()
    .optional()
    .describe('What the machine was seen to carry: the knee of a load sweep.'),
})

export const capacitySchema = z.strictObject({
  users: z
    .number()
    .positive()
    .max(10_000)
    .prefault(10)
    .describe('How many times as many users are planned for.'),
  confidence: z
    .number()
    .min(0.5)
    .max(0.99)
    .prefault(0.9)
    .describe('Share of the future that the intervals are meant to hold.'),
  limits: z
    .array(limitsSchema)
    .prefault([])
    .describe('Limits that a plan holds its projections against, beside those that PostgreSQL tells.'),
})

export type CapacityConfig = z.output<typeof capacitySchema>
/** Of one target; empty: none are configured. */
export type ConfiguredLimits = Omit<CapacityConfig['limits'][number], 'target'>

interface WithCapacity {
  readonly targets: readonly { readonly id?: string | undefined; readonly url: string }[]
  readonly capacity: CapacityConfig
}

/** Entries of no target, or of one that is not there. */
export function capacityIssues(
  { targets, capacity }: WithCapacity,
  idOf: (target: WithCapacity['targets'][number]) => string,
): readonly { readonly path: (string | number)[]; readonly message: string }[] {
  // targets may be named on the command line instead: then there is nothing to compare with
  if (targets.length === 0) return []
  const ids = targets.map(idOf)
  return capacity.limits.flatMap(({ target }, at) => {
    const path = ['capacity', 'limits', at, 'target']
    if (target === undefined)
      return ids.length === 1 ? [] : [{ path, message: `whose is it? One of ${ids.join(', ')}` }]
    return ids.includes(target)
      ? []
      : [{ path, message: `there is no target ${target}; there are: ${ids.join(', ')}` }]
  })
}

/** Entries of a target put together, the later ones over those before. */
export function limitsOf({ limits }: CapacityConfig, targetId: string): ConfiguredLimits {
  const own = limits.filter(({ target }) => target === undefined || target === targetId)
  return Object.assign({}, ...own.map(({ target: _, ...each }) => each))
}
