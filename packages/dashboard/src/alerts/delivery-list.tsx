// The latest messages: what, through which channel, and whether they arrived. What did not stands first.

import type { DeliveryWire } from 'pgsteward/wire'
import { type ReactNode, useState } from 'react'
import { Icon } from '../icon.tsx'
import { Moment } from '../moment.tsx'
import { deliveryWords, eventWord } from './alert-words.ts'

const SHOWN = 10

export function DeliveryList(props: { readonly deliveries: readonly DeliveryWire[] }): ReactNode {
  const [isWhole, setWhole] = useState(false)
  const lost = props.deliveries.filter(({ state }) => state === 'given-up')
  const waiting = props.deliveries.filter(({ state }) => state === 'waiting' || state === 'sending')
  const sent = props.deliveries.filter(({ state }) => state === 'sent')
  const all = [...lost, ...waiting, ...sent]
  const shown = isWhole ? all : all.slice(0, Math.max(SHOWN, lost.length + waiting.length))
  return (
    <>
      <ul className="alert-rows">
        {shown.map((each) => (
          <li key={`${each.channel} ${each.findingKey} ${each.event} ${each.createdAt}`}>
            <span>
              <b>{each.channel}</b> <span className="muted">{eventWord(each)}</span>
            </span>
            <span>
              {each.summary}
              <Became delivery={each} />
            </span>
            <span className="muted alert-since">
              <Moment at={each.sentAt ?? each.createdAt} />
            </span>
          </li>
        ))}
      </ul>
      {shown.length < all.length ? (
        <button type="button" onClick={() => setWhole(true)}>
          All {all.length}
        </button>
      ) : null}
    </>
  )
}

function Became(props: { readonly delivery: DeliveryWire }): ReactNode {
  const { state, attempts, lastError } = props.delivery
  if (state === 'sent' && attempts === 1) return null
  const look = state === 'given-up' ? 'critical' : state === 'sent' ? 'resolved' : 'pending'
  return (
    <span className="alert-became">
      <span className={`badge is-${look}`}>
        <Icon name={look} /> {deliveryWords(props.delivery)}
      </span>
      {lastError === null || state === 'sent' ? null : <span className="muted">{lastError}</span>}
    </span>
  )
}
