// How much of the space for new indexes the advised ones take.

import type { ReactNode } from 'react'
import { formatBytes } from '../format.ts'

export function BudgetBar(props: { readonly sizeBytes: number; readonly budgetBytes: number }): ReactNode {
  const { sizeBytes, budgetBytes } = props
  const share = budgetBytes <= 0 ? 1 : Math.min(1, sizeBytes / budgetBytes)
  return (
    <>
      <span className="parts" aria-hidden="true">
        <i className="series-1" style={{ width: `${share * 100}%` }} />
      </span>
      of the {formatBytes(budgetBytes)} allowed
    </>
  )
}
