// A figure before and after, with a small mark of how much of it is left.

import type { ReactNode } from 'react'

/** Below this it is noise. */
const NOTICED = 1.05

export function BeforeAfter(props: {
  readonly before: number
  readonly after: number
  readonly format: (value: number) => string
  /** More or less of it is neither good nor bad: no mark. */
  readonly isNeutral?: boolean
}): ReactNode {
  const { before, after, format, isNeutral = false } = props
  const most = Math.max(before, after, Number.MIN_VALUE)
  return (
    <span className="before-after">
      {isNeutral ? null : (
        <span className="share-bar" aria-hidden="true">
          <i
            className={after > before * NOTICED ? 'is-warning' : undefined}
            style={{ width: `${(after / most) * 100}%` }}
          />
        </span>
      )}
      <span className="muted">{format(before)}</span>
      <span aria-hidden="true">→</span>
      <span className="hidden"> became </span>
      <span>{format(after)}</span>
    </span>
  )
}
