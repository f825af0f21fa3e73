// With what charts are compared: nothing, the day before, the week before.

import type { ReactNode } from 'react'
import { COMPARISONS, useComparison } from '../compare.ts'
import { setParams } from '../use-address.ts'

export function CompareChoice(): ReactNode {
  const chosen = useComparison()
  return (
    <select
      className={chosen === null ? 'compare-time from-640' : 'compare-time from-640 is-chosen'}
      aria-label="Compare charts with"
      title={`Compare charts (${COMPARISONS.map(({ key, title }) => `${key} ${title.toLowerCase()}`).join(', ')})`}
      value={chosen?.id ?? ''}
      onChange={(event) => setParams({ compare: event.target.value }, 'push')}
    >
      <option value="">Compare…</option>
      {COMPARISONS.map(({ id, title }) => (
        <option key={id} value={id}>
          {title}
        </option>
      ))}
    </select>
  )
}
