// A connection that was taken from its pool and not given back: with each of them the pool is one smaller, until nothing works.

import { z } from 'zod'
import { applicationPools } from '../../facts/application-pools.ts'
import { defineCheck } from '../../model/check.ts'
import { duration } from '../../model/units.ts'
import { atPlace, count, keyOf, milliseconds, skipWithoutReports, text, worstFirst } from './place.ts'

export const connectionLeak = defineCheck({
  id: 'connection-leak',
  area: 'availability',
  title: 'Connection that is taken and not given back',
  needs: { pools: applicationPools },
  options: z.object({
    warnAfter: duration()
      .prefault('1m')
      .describe(
        'A request holds a connection for milliseconds; a minute is a forgotten release or an export.',
      ),
    ignorePlaces: z
      .array(z.string())
      .prefault([])
      .describe('Files that hold one for long by nature, such as src/listen.ts for LISTEN.'),
  }),
  run({ pools }, { warnAfter, ignorePlaces }) {
    const skipped = skipWithoutReports(pools)
    if (skipped !== null) return skipped
    const held = pools.rows.filter(
      (pool) =>
        (pool.oldestCheckoutMs ?? 0) >= warnAfter &&
        !ignorePlaces.some((file) => pool.oldestCheckoutBy?.replace(/:\d+$/, '') === file),
    )
    return worstFirst(
      held,
      (pool) => keyOf(pool.application, pool.pool),
      (pool) => pool.waiting * 1e12 + (pool.oldestCheckoutMs ?? 0),
    ).map(([pool, all]) => {
      // nothing is free and somebody waits: what was taken is missing now
      const isCritical = pool.waiting > 0 && pool.max !== null && pool.used >= pool.max
      return {
        subject: { kind: 'pool', application: pool.application, name: pool.pool },
        severity: isCritical ? 'critical' : 'warning',
        summary: `A connection of pool ${pool.pool} of ${pool.application} was not given back${
          pool.oldestCheckoutBy === null ? '' : `, taken${atPlace(pool.oldestCheckoutBy).slice(1)}`
        }`,
        evidence: [
          ...milliseconds('longest checked out', pool.oldestCheckoutMs),
          ...milliseconds('reported from', warnAfter),
          ...text('taken at', pool.oldestCheckoutBy),
          ...count('connections at work', pool.used),
          ...count('most it may have', pool.max),
          ...count('callers that wait', pool.waiting),
          ...text('application', pool.application),
          ...text('process', pool.instance),
          ...count('processes like this', all.length),
        ],
      }
    })
  },
})
