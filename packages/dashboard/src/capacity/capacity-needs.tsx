// What is needed: connections for what is at work, memory for what of the data is used; each with the rule it comes by.

import type { CapacityPlanWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { Figure } from '../figure-strip.tsx'
import { formatBytes, formatRatio } from '../format.ts'
import { formatCapacity } from './capacity-words.ts'

const RULES = {
  fits: 'what shared_buffers hold is enough: nearly every page is found in them',
  misses: 'all of the data, an upper bound: shared_buffers miss pages that are used',
  unknown: 'all of the data, an upper bound: too little was read to tell what is used',
} as const

export function CapacityNeeds(props: { readonly plan: CapacityPlanWire }): ReactNode {
  const { pool, cache, users, baseline } = props.plan
  return (
    <dl className="capacity-needs">
      {pool === null ? null : (
        <Figure
          label="Connections needed"
          value={String(pool.required)}
          beside={`for ${formatCapacity(pool.offered, 'count')} at work at the peak${pool.processes === null ? '' : `, ${Math.ceil(pool.required / pool.processes)} in each of ${pool.processes} processes`}; ${pool.requiredWithUsers} with ${users} times the users`}
        />
      )}
      {cache === null ? null : (
        <Figure
          label="Memory for data"
          value={formatBytes(cache.requiredBytes)}
          beside={`${RULES[cache.rule]}${cache.hitRatio === null ? '' : ` (${formatRatio(cache.hitRatio)})`}; shared_buffers ${formatBytes(cache.sharedBuffersBytes)}`}
        />
      )}
      {baseline.indexBytes === null ? null : (
        <Figure
          label="Indexes"
          value={formatBytes(baseline.indexBytes)}
          beside={
            baseline.tables[0] === undefined
              ? ''
              : `largest table ${baseline.tables[0].name}, ${formatBytes(baseline.tables[0].sizeBytes)}`
          }
        />
      )}
    </dl>
  )
}
