// Tells how many subscriptions are running: what the business looks at, and what nobody notices by requests alone.

import type { PrismaClient } from '../generated/prisma/client.ts'
import type { Metrics } from './metrics.ts'

const EVERY_MS = 60_000

/** At once and every minute. Each process tells the same number. A failure is told by whatever else needs the database. */
export function countSubscriptions(
  prisma: PrismaClient,
  metrics: Pick<Metrics, 'level'>,
): { stop: () => void } {
  const count = () => {
    prisma.subscription
      .count({ where: { status: { in: ['ACTIVE', 'TRIAL'] } } })
      .then((active) => metrics.level('subscriptions.active', active, {}, '{subscription}'))
      .catch(() => undefined)
  }
  count()
  const timer = setInterval(count, EVERY_MS)
  return { stop: () => clearInterval(timer) }
}
