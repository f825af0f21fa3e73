// A moment as people say it, with the exact time on hover.

import type { ReactNode } from 'react'
import { useNow } from './data/use-now.ts'
import { formatAgo, formatDateTime, NOTHING } from './format.ts'

export function Moment(props: { readonly at: string | null }): ReactNode {
  const now = useNow()
  if (props.at === null) return NOTHING
  return (
    <time dateTime={props.at} title={formatDateTime(new Date(props.at))}>
      {formatAgo(props.at, now)}
    </time>
  )
}
