// Puts the application together and serves it; main.ts does so in a process of its own, tests within theirs.

import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startCarrier } from '../simulators/carrier.ts'
import { startPayments } from '../simulators/payments.ts'
import { createApp } from './app.ts'
import { NO_CACHE, openCache } from './cache.ts'
import { createCarrierClient } from './carrier-client.ts'
import type { Configuration } from './configuration.ts'
import { countSubscriptions } from './count-subscriptions.ts'
import { openDatabase } from './database.ts'
import { createDeliveryQueue } from './delivery-queue.ts'
import { createEvidenceFiles } from './evidence-files.ts'
import { failingReads } from './failing-reads.ts'
import { createFaults, type Faults } from './faults.ts'
import { followPrimary } from './follow-primary.ts'
import { billingRun } from './jobs/billing-run.ts'
import { crossingUpdates } from './jobs/crossing-updates.ts'
import { forgottenReport } from './jobs/forgotten-report.ts'
import { runJobs } from './jobs/job.ts'
import { leakingSync } from './jobs/leaking-sync.ts'
import { lunchBreak } from './jobs/lunch-break.ts'
import { spillingExport } from './jobs/spilling-export.ts'
import type { Metrics } from './metrics.ts'
import { createPaymentClient } from './payment-client.ts'
import { createReads, MOST_LAG_MS, type Reads } from './reads.ts'
import { openReplica } from './replica.ts'

export interface Served {
  readonly url: string
  readonly faults: Faults
  /** Reads that tolerate lag, by where they were answered; what the cache had is not among them. */
  readonly reads: Reads['counts']
  /** Lets requests finish, then closes everything. */
  readonly stop: () => Promise<void>
}

export interface Surroundings {
  readonly metrics: Metrics
  readonly log: (message: string, error?: unknown) => void
}

/** Rejects when the database does not answer or the port is taken. */
export async function serve(configuration: Configuration, { metrics, log }: Surroundings): Promise<Served> {
  const { DATABASE_URL, POOL_SIZE, WEBHOOK_SECRET: secret, SEED: seed } = configuration
  const faults = createFaults(configuration.FAULTS)
  const database = openDatabase(DATABASE_URL, POOL_SIZE)
  const closing: (() => Promise<unknown>)[] = [database.close]
  const stop = async () => {
    for (const close of closing.splice(0).reverse()) await close()
  }
  try {
    await database.pool.query('select 1')
    const { FAILOVER_URL, REPLICA_URL, REDIS_URL } = configuration
    if (FAILOVER_URL !== undefined)
      closing.push(followPrimary({ urls: [DATABASE_URL, FAILOVER_URL], pool: database.pool, log }).stop)
    const replica = REPLICA_URL === undefined ? null : openReplica(REPLICA_URL, POOL_SIZE, MOST_LAG_MS)
    if (replica !== null) closing.push(replica.close)
    const cache =
      REDIS_URL === undefined
        ? NO_CACHE
        : openCache({
            url: REDIS_URL,
            lifetimeSeconds: configuration.CACHE_SECONDS,
            recentMs: MOST_LAG_MS,
            metrics,
            log,
          })
    closing.push(cache.close)
    const isProduction = configuration.NODE_ENV === 'production'
    const reads = createReads({
      primary: database,
      replica,
      replicaShare: configuration.REPLICA_SHARE,
      cache,
      isProduction,
    })

    const simulator = async (
      url: string | undefined,
      start: () => Promise<{ url: string; stop(): Promise<void> }>,
    ) => {
      if (url !== undefined) return url
      const started = await start()
      closing.push(started.stop)
      return started.url
    }
    const carrierUrl = await simulator(configuration.CARRIER_URL, () =>
      startCarrier({ secret, seed }, faults),
    )
    const paymentsUrl = await simulator(configuration.PAYMENTS_URL, () => startPayments({ secret, seed }))

    let url = ''
    const carrier = createCarrierClient(carrierUrl, () => `${url}/webhooks/carrier`, metrics)
    const payments = createPaymentClient(paymentsUrl, () => `${url}/webhooks/payments`, metrics)
    const deliveries = createDeliveryQueue(database.prisma, carrier, metrics, cache, log)
    closing.push(deliveries.stop)

    const folder = configuration.EVIDENCE_FOLDER ?? mkdtempSync(join(tmpdir(), 'messaging-evidence-'))
    if (configuration.EVIDENCE_FOLDER === undefined)
      closing.push(() => rm(folder, { recursive: true, force: true }))

    const app = createApp({
      ...database,
      metrics,
      cache,
      reads: failingReads(reads, faults),
      carrier,
      payments,
      deliveries,
      evidence: createEvidenceFiles(folder),
      faults,
      webhookSecret: secret,
      controlToken: configuration.CONTROL_TOKEN ?? null,
      isProduction,
      log,
    })
    const server = createServer(app)
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(configuration.PORT, '127.0.0.1', resolve)
    })
    closing.push(
      () =>
        new Promise((resolve) => {
          server.close(resolve)
          server.closeIdleConnections()
        }),
    )
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

    const jobs = {
      'idle-in-transaction': forgottenReport,
      'blocking-chain': billingRun,
      deadlock: crossingUpdates,
      'spilling-report': spillingExport,
      'connection-exhaustion': leakingSync,
      'blocked-queries': lunchBreak,
    }
    closing.push(runJobs(jobs, faults, DATABASE_URL))
    const counting = countSubscriptions(database.prisma, metrics)
    closing.push(async () => counting.stop())
    if (configuration.RESUME_DELIVERIES) await deliveries.resume()
    return { url, faults, reads: reads.counts, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
