// Cells that tables of the application side share.

import type { OperationWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { formatRatio, NOTHING, orNothing } from '../format.ts'
import { SqlLine } from '../text/sql-text.tsx'
import { modelAction } from './application-words.ts'

export function OrDash(props: { readonly text: string | null }): ReactNode {
  if (props.text === null) return <span className="muted">{NOTHING}</span>
  return <span title={props.text}>{props.text}</span>
}

/** File and line; where there is too little room the line stays. */
export function PlaceCell(props: { readonly at: string | null }): ReactNode {
  if (props.at === null) return <OrDash text={null} />
  return (
    <span className="place" title={props.at}>
      <bdi dir="ltr">{props.at}</bdi>
    </span>
  )
}

/** A statement as the application calls it, then its text. */
export function SentCell(props: {
  readonly of: Pick<OperationWire, 'model' | 'action'>
  readonly text: string
}): ReactNode {
  return <SqlLine sql={props.text} lead={modelAction(props.of)} />
}

/** None failed is the normal case, and stays quiet. */
export function ErrorRatio(props: { readonly ratio: number | null }): ReactNode {
  const words = orNothing(props.ratio, formatRatio)
  return props.ratio === 0 ? <span className="muted">{words}</span> : words
}
