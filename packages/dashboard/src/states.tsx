// What a page shows while it has nothing to show: waiting, failed, not allowed. What is empty says by itself what would be there.

import { type ReactNode, useEffect, useState } from 'react'
import type { RequestError } from './data/request.ts'
import type { Resource } from './data/use-resource.ts'
import { useSession } from './frame/session.ts'
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
        <button type="button" className="failure-again" onClick={props.onRetry}>
          Try again
        </button>
      )}
    </div>
  )
}

/** Before anything of a page is known: it has a heading all the same. */
export function PageFailure(props: {
  readonly error: RequestError
  readonly onRetry: () => void
}): ReactNode {
  const { error, onRetry } = props
  return (
    <>
      <title>No answer · pgsteward</title>
      <h1>{error.isForbidden ? 'Not for you to see' : 'Nothing can be shown'}</h1>
      {error.isForbidden ? <NotAllowed error={error} /> : <Failure error={error} onRetry={onRetry} />}
    </>
  )
}

/** No fault of anybody: who looks may not see this. Asking again would not help. */
export function NotAllowed(props: { readonly error: RequestError }): ReactNode {
  const { message, detail, hint } = props.error
  const { who } = useSession()
  return (
    <div className="note not-allowed" role="status">
      <p>
        <Icon name="access" /> <b>{message}</b>
      </p>
      {detail === undefined ? null : <p>{detail}</p>}
      {who?.actor == null ? null : (
        <p>
          You are {who.actor}, {who.role}
          {who.targets === null ? '' : ` of ${who.targets.join(', ')}`}.
        </p>
      )}
      {hint === undefined ? null : <p className="hint">{hint}</p>}
    </div>
  )
}

function NotYet(props: {
  readonly error: RequestError | null
  readonly onRetry: () => void
  readonly rows: number
}): ReactNode {
  const { error, onRetry, rows } = props
  // a silent server has its banner; the page waits for it
  if (error === null || error.unreachable) return <Skeleton rows={rows} />
  return error.isForbidden ? <NotAllowed error={error} /> : <Failure error={error} onRetry={onRetry} />
}

/** A resource on the page: its data as soon as there is any, also when a later reading failed. */
export function Loaded<T>(props: {
  readonly from: Resource<T>
  readonly rows?: number
  /** Of the page, where its own comes with the data alone. */
  readonly heading?: string
  readonly children: (data: T) => ReactNode
}): ReactNode {
  const { data, error, isBehind, refresh } = props.from
  if (data === null)
    return (
      <>
        {props.heading === undefined ? null : <h1>{props.heading}</h1>}
        <NotYet error={error} onRetry={refresh} rows={props.rows ?? 8} />
      </>
    )
  return (
    <div className={isBehind ? 'loaded is-behind' : 'loaded'} aria-busy={isBehind}>
      {error === null || error.unreachable ? null : <Failure error={error} onRetry={refresh} />}
      {props.children(data)}
    </div>
  )
}
