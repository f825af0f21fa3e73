// What a page shows while it has nothing to show: waiting, failed, empty.

import { type ReactNode, useEffect, useState } from 'react'
import type { RequestError } from './data/request.ts'
import type { Resource } from './data/use-resource.ts'
import { Icon } from './icon.tsx'

/** Keeps the layout still; invisible for 200 ms, since a flicker is worse than nothing. */
export function Skeleton(props: { readonly rows: number }): ReactNode {
  const [isLate, setLate] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 200)
    return () => clearTimeout(timer)
  }, [])
  return (
    <div className={isLate ? 'skeleton is-late' : 'skeleton'} aria-busy="true">
      {Array.from({ length: props.rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows of nothing have no other name
        <i key={row} />
      ))}
      <span className="hidden">Reading…</span>
    </div>
  )
}

/** What happened, why, what to do; `onRetry` where asking again can help. */
export function Failure(props: {
  readonly error: RequestError
  readonly onRetry?: (() => void) | undefined
}): ReactNode {
  const { message, detail, hint } = props.error
  return (
    <div className="failure" role="alert">
      <p className="failure-message">
        <Icon name="critical" /> {message}
      </p>
      {detail === undefined ? null : <p>{detail}</p>}
      {hint === undefined ? null : <p className="hint">{hint}</p>}
      {props.onRetry === undefined ? null : (
        <button type="button" onClick={props.onRetry}>
          Try again
        </button>
      )}
    </div>
  )
}

/** A resource on the page: its data as soon as there is any, also when a later reading failed. */
export function Loaded<T>(props: {
  readonly from: Resource<T>
  readonly rows?: number
  readonly children: (data: T) => ReactNode
}): ReactNode {
  const { data, error, isBehind } = props.from
  if (data === null) {
    // a silent server has its banner; the page waits for it
    if (error !== null && !error.unreachable) return <Failure error={error} />
    return <Skeleton rows={props.rows ?? 8} />
  }
  return (
    <div className={isBehind ? 'loaded is-behind' : 'loaded'} aria-busy={isBehind}>
      {error === null || error.unreachable ? null : <Failure error={error} />}
      {props.children(data)}
    </div>
  )
}
