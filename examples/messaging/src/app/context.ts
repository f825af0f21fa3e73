// What a route may use. Passed in, never imported: tests make their own.

import type { Cache } from './cache.ts'
import type { CarrierClient } from './carrier-client.ts'
import type { Database } from './database.ts'
import type { DeliveryQueue } from './delivery-queue.ts'
import type { EvidenceFiles } from './evidence-files.ts'
import type { Faults } from './faults.ts'
import type { Metrics } from './metrics.ts'
import type { PaymentClient } from './payment-client.ts'
import type { Reads } from './reads.ts'

export interface Context extends Database {
  readonly metrics: Metrics
  readonly cache: Cache
  readonly reads: Reads
  readonly carrier: CarrierClient
  readonly payments: PaymentClient
  readonly deliveries: DeliveryQueue
  readonly evidence: EvidenceFiles
  readonly faults: Faults
  readonly webhookSecret: string
  readonly controlToken: string | null
  /** Cookies only over HTTPS. */
  readonly isProduction: boolean
  readonly log: (message: string, error?: unknown) => void
}
