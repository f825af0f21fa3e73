// A connection pool that is used up: requests wait for a connection before their statement is even sent.

import { z } from 'zod'
import { type ApplicationPool, applicationPools } from '../../facts/application-pools.ts'
import { defineCheck } from '../../model/check.ts'
import { duration } from '../../model/units.ts'
import { count, keyOf, milliseconds, ratio, skipWithoutReports, text, worstFirst } from './place.ts'

export const poolExhausted = defineCheck({
  id: 'pool-exhausted',
  area: 'capacity',
  title: 'Connection pool that is used up',
  needs: { pools: applicationPools },
  // a burst fills a pool for a moment, which is what it is for
  holdMs: 60_000,
  options: z.object({
    warnRatio: z
      .number()
      .gt(0)
      .max(1)
      .prefault(0.8)
      .describe('Of its connections that are at work: room for one burst is left.'),
    minMax: z
      .number()
      .int()
      .positive()
      .prefault(5)
      .describe('A smaller pool is full by design; it is judged by those that wait alone.'),
    warnWaitP95: duration()
      .prefault('100ms')
      .describe('For a connection: longer than most statements, so the pool is what makes requests slow.'),
    criticalWaitP95: duration()
      .prefault('1s')
      .describe('Critical only while callers wait and no connection is free: every request queues.'),
  }),
  run({ pools }, options) {
    const skipped = skipWithoutReports(pools)
    if (skipped !== null) return skipped
    const short = pools.rows.filter(
      (pool) =>
        (pool.waiting > 0 && isFull(pool)) ||
        ((pool.waitP95Ms ?? 0) >= options.warnWaitP95 && isGrown(pool)) ||
        ((pool.max ?? 0) >= options.minMax && pool.used / pool.max! >= options.warnRatio),
    )
    return worstFirst(
      short,
      (pool) => keyOf(pool.application, pool.pool),
      // waiting callers outweigh any share that is used
      (pool) => pool.waiting * 1e6 + (pool.waitP95Ms ?? 0) * 1e3 + pool.used,
    ).map(([pool, all]) => {
      const isCritical = pool.waiting > 0 && isFull(pool) && (pool.waitP95Ms ?? 0) >= options.criticalWaitP95
      return {
        subject: { kind: 'pool', application: pool.application, name: pool.pool },
        severity: isCritical ? 'critical' : 'warning',
        summary:
          pool.waiting > 0 || (pool.waitP95Ms ?? 0) >= options.warnWaitP95
            ? `Requests of ${pool.application} wait for a connection of pool ${pool.pool}`
            : `Pool ${pool.pool} of ${pool.application} is nearly used up`,
        evidence: [
          ...count('callers that wait', pool.waiting),
          ...milliseconds('wait for a connection, 95th percentile', pool.waitP95Ms),
          ...ratio('used', pool.max === null || pool.max === 0 ? null : pool.used / pool.max),
          ...ratio('reported from', options.warnRatio),
          ...count('connections at work', pool.used),
          ...count('most it may have', pool.max),
          ...milliseconds('longest checked out', pool.oldestCheckoutMs),
          ...text('taken at', pool.oldestCheckoutBy),
          ...text('application', pool.application),
          ...text('process', pool.instance),
          ...count('processes like this', all.length),
        ],
      }
    })
  },
})

/** A smaller one opens a connection for who asks: then the wait is for the server to accept it, not for others. */
function isGrown(pool: ApplicationPool): boolean {
  return pool.max === null || pool.used + pool.idle >= pool.max
}

function isFull(pool: ApplicationPool): boolean {
  return pool.max === null || pool.used >= pool.max
}
