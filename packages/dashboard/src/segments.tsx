// A few alternatives of which one is shown, with how many each holds.

import type { ReactNode } from 'react'

export interface Segment<Id extends string> {
  readonly id: Id
  readonly title: string
  readonly count?: number
}

export function Segments<Id extends string>(props: {
  readonly label: string
  readonly segments: readonly Segment<Id>[]
  readonly chosen: Id
  readonly onChoose: (id: Id) => void
}): ReactNode {
  return (
    <fieldset className="segments">
      <legend className="hidden">{props.label}</legend>
      {props.segments.map(({ id, title, count = 0 }) => (
        <button key={id} type="button" aria-pressed={id === props.chosen} onClick={() => props.onChoose(id)}>
          {title}
          {count === 0 ? null : <span className="muted"> {count.toLocaleString('en')}</span>}
        </button>
      ))}
    </fieldset>
  )
}
