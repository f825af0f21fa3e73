// Hand-offs, the latest first, and whether who took over has read them.

import type { HandOffWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { Icon } from '../icon.tsx'
import { Moment } from '../moment.tsx'
import { Summary } from './hand-off-sheet.tsx'

const SHOWN = 6

export function HandOffList(props: {
  readonly handOffs: readonly HandOffWire[]
  readonly onRead: (handOff: HandOffWire) => void
}): ReactNode {
  return (
    <ul className="alert-rows">
      {props.handOffs.slice(0, SHOWN).map((handOff) => (
        <li key={handOff.id}>
          {handOff.acknowledged === null ? (
            <span className="badge is-warning">
              <Icon name="pending" /> Not read yet
            </span>
          ) : (
            <span className="badge is-resolved">
              <Icon name="resolved" /> Read
            </span>
          )}
          <span>
            {handOff.fromName ?? 'Nobody'} to {handOff.toName}, <Moment at={handOff.givenAt} />
            {handOff.note === null ? null : <span className="alert-became">{handOff.note}</span>}
            <details>
              <summary className="muted">{handOff.id}: what was handed over</summary>
              <Summary summary={handOff.summary} />
            </details>
          </span>
          {handOff.acknowledged === null ? (
            <button type="button" onClick={() => props.onRead(handOff)}>
              Read it…
            </button>
          ) : null}
        </li>
      ))}
    </ul>
  )
}
