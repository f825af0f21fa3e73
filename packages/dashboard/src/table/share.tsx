// A share of a whole in a table's cell: a bar and the percentage.

import type { ReactNode } from 'react'
import { formatRatio } from '../format.ts'

export function Share(props: { readonly ratio: number }): ReactNode {
  return (
    <span className="share">
      <span className="share-bar">
        <i style={{ width: `${Math.min(100, props.ratio * 100)}%` }} />
      </span>
      <span>{formatRatio(props.ratio)}</span>
    </span>
  )
}
