// Where on the page what stands, with how much there is of it.

import type { ReactNode } from 'react'

export interface PlaceOnPage {
  readonly id: string
  readonly title: string
  /** Null: not counted, or not known yet. */
  readonly count?: number | null
}

export function OnThisPage(props: { readonly places: readonly PlaceOnPage[] }): ReactNode {
  return (
    <nav className="on-this-page" aria-label="On this page">
      <ul>
        {props.places.map(({ id, title, count }) => (
          <li key={id}>
            <a href={`#${id}`} className={count === 0 ? 'is-empty' : undefined}>
              {title}
              {count === null || count === undefined || count === 0 ? null : <span> {count}</span>}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}
