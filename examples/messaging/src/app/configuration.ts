// What the environment says, checked once at the start.

import { z } from 'zod'

const schema = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  /** 0: any free one. */
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  /** Processes behind one address, each with a pool of POOL_SIZE. */
  INSTANCES: z.coerce.number().int().min(1).max(16).default(1),
  POOL_SIZE: z.coerce.number().int().positive().default(10),
  /** A cache in front of what is read often. */
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
  /** The longest that it shows what is no longer so. */
  CACHE_SECONDS: z.coerce.number().int().positive().max(3600).default(30),
  /** A streaming replica for reads that tolerate lag. */
  REPLICA_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  /** Of those reads. */
  REPLICA_SHARE: z.coerce.number().min(0).max(1).default(1),
  /** Where the primary is after a failover. */
  FAILOVER_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  /** Of several instances one sends what was queued when the last process ended. */
  RESUME_DELIVERIES: z.stringbool().default(true),
  /** Signs what the carrier and the payment provider call back with. */
  WEBHOOK_SECRET: z.string().min(16).default('only-for-development'),
  /** Without them the simulators are started. */
  CARRIER_URL: z.url().optional(),
  PAYMENTS_URL: z.url().optional(),
  /** Where evidence files go. Default: a folder that is removed at the end. */
  EVIDENCE_FOLDER: z.string().optional(),
  /** Opens /internal/faults on loopback to whoever has it. */
  CONTROL_TOKEN: z.string().min(16).optional(),
  /** Faults that are on from the start, by comma. */
  FAULTS: z
    .string()
    .default('')
    .transform((text) => text.split(',').filter((id) => id !== '')),
  SEED: z.coerce.number().int().default(1),
  NODE_ENV: z.string().default('development'),
})

export type Configuration = z.output<typeof schema>

/** Throws a text that names each variable that does not fit. */
export function readConfiguration(environment: NodeJS.ProcessEnv): Configuration {
  const { success, data, error } = schema.safeParse(environment)
  if (!success) throw new Error(z.prettifyError(error))
  if (data.NODE_ENV === 'production' && environment.WEBHOOK_SECRET === undefined)
    throw new Error('WEBHOOK_SECRET must be set in production')
  return data
}
