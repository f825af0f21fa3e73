// A record's entries, one below the other, in words.

import type { ToldEntryWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { Moment } from '../moment.tsx'

export function Timeline(props: { readonly entries: readonly ToldEntryWire[] }): ReactNode {
  return (
    <ol className="change-story">
      {props.entries.map(({ seq, at, actor, words: [first, ...rest] }) => (
        <li key={seq}>
          <p>
            <b>{actor}</b> {first}{' '}
            <span className="muted">
              <Moment at={at} />
            </span>
          </p>
          {rest.length === 0 ? null : <p className="change-text">{rest.join('\n')}</p>}
        </li>
      ))}
    </ol>
  )
}
