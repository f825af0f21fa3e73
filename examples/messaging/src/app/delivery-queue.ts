// Hands the deliveries of a broadcast to the carrier, outside the request that made it, a few at a time.

import type { PrismaClient } from '../generated/prisma/client.ts'
import type { Cache } from './cache.ts'
import type { CarrierClient } from './carrier-client.ts'
import type { Metrics } from './metrics.ts'

export interface DeliveryQueue {
  /** What a request just wrote as QUEUED. */
  readonly add: (deliveries: readonly QueuedDelivery[]) => void
  /** What was queued when the last process ended. */
  readonly resume: () => Promise<void>
  /** Waits for those that are on their way; the rest stays QUEUED and is resumed. */
  readonly stop: () => Promise<void>
}

export interface QueuedDelivery {
  readonly churchId: number
  readonly reference: string
  readonly to: string
  readonly body: string
}

const AT_ONCE = 8
/** Older ones were given up: nobody wants Sunday's reminder on Monday. */
const RESUME_MS = 3600_000
const RESUME_MOST = 500
/** The carrier's error code for what it never accepted. */
const NOT_ACCEPTED = 30_001

export function createDeliveryQueue(
  prisma: PrismaClient,
  carrier: CarrierClient,
  metrics: Metrics,
  cache: Pick<Cache, 'forget'>,
  log: (message: string, error?: unknown) => void,
): DeliveryQueue {
  const waiting: QueuedDelivery[] = []
  const busy = new Set<Promise<void>>()
  let stopped = false

  const deliver = async ({ churchId, reference, to, body }: QueuedDelivery): Promise<void> => {
    const since = performance.now()
    const accepted = await carrier.send({ reference, to, body }).then(
      () => true,
      () => false,
    )
    if (!accepted)
      metrics.recordDelivery({ channel: 'sms', durationMs: performance.now() - since, delivered: false })
    await prisma.delivery.updateMany({
      // the webhook may have been faster
      where: { carrierReference: reference, status: 'QUEUED' },
      data: accepted
        ? { status: 'SENT', updatedAt: new Date() }
        : { status: 'FAILED', errorCode: NOT_ACCEPTED, updatedAt: new Date() },
    })
    await cache.forget(churchId)
  }

  const pump = (): void => {
    while (!stopped && busy.size < AT_ONCE) {
      const next = waiting.shift()
      if (next === undefined) return
      const work = deliver(next)
        .catch((error) => log(`delivery ${next.reference} could not be handed over`, error))
        .finally(() => {
          busy.delete(work)
          pump()
        })
      busy.add(work)
    }
  }

  return {
    add: (deliveries) => {
      waiting.push(...deliveries)
      pump()
    },
    resume: async () => {
      const left = await prisma.delivery.findMany({
        where: { status: 'QUEUED', createdAt: { gt: new Date(Date.now() - RESUME_MS) } },
        select: {
          churchId: true,
          carrierReference: true,
          recipient: { select: { phone: true, message: { select: { body: true } } } },
        },
        orderBy: { id: 'asc' },
        take: RESUME_MOST,
      })
      waiting.push(
        ...left.map(({ churchId, carrierReference, recipient }) => ({
          churchId,
          reference: carrierReference,
          to: recipient.phone,
          body: recipient.message.body,
        })),
      )
      pump()
    },
    stop: async () => {
      stopped = true
      await Promise.allSettled(busy)
    },
  }
}
