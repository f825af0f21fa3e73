// Channels of the configuration: do they take alerts, and a button to try them.

import type { ChannelWire, TestResultWire } from 'pgsteward/wire'
import { type ReactNode, useState } from 'react'
import { RequestError, request } from '../data/request.ts'
import { useWriting } from '../frame/session.ts'
import { Icon } from '../icon.tsx'
import { Moment } from '../moment.tsx'

export function ChannelList(props: {
  readonly channels: readonly ChannelWire[]
  readonly onDone: () => void
}): ReactNode {
  if (props.channels.length === 0)
    return (
      <p className="empty">
        None. Slack, PagerDuty, e-mail, signed webhooks and Opsgenie are named under{' '}
        <code>alerts.channels</code> of the configuration; docs/guides/alerts.md has an example.
      </p>
    )
  return (
    <ul className="alert-rows">
      {props.channels.map((channel) => (
        <li key={channel.id}>
          <span>
            <b>{channel.id}</b> <span className="muted">{channel.kind}</span>
          </span>
          <ChannelState channel={channel} />
          <TryChannel id={channel.id} onDone={props.onDone} />
        </li>
      ))}
    </ul>
  )
}

function ChannelState(props: { readonly channel: ChannelWire }): ReactNode {
  const { isFailing, because, lastSentAt } = props.channel
  if (isFailing)
    return (
      <span>
        <span className="badge is-critical">
          <Icon name="critical" /> Fails
        </span>{' '}
        {because}
      </span>
    )
  return (
    <span className="muted">
      {lastSentAt === null ? (
        'Nothing sent since the start'
      ) : (
        <>
          Sent <Moment at={lastSentAt} />
        </>
      )}
    </span>
  )
}

/** Sends an opening and its end at once; says what came of it beside the button. */
function TryChannel(props: { readonly id: string; readonly onDone: () => void }): ReactNode {
  const [said, setSaid] = useState<string | null>(null)
  const [isTrying, setTrying] = useState(false)
  const writing = useWriting()
  const send = async () => {
    setTrying(true)
    setSaid(null)
    try {
      const { isSent, because } = await request<TestResultWire>('/api/v1/alerts/test', {
        post: { channel: props.id },
      })
      setSaid(isSent ? 'It was taken' : `Not taken: ${because ?? 'no reason given'}`)
      props.onDone()
    } catch (cause) {
      setSaid(cause instanceof RequestError ? cause.message : String(cause))
    }
    setTrying(false)
  }
  return (
    <span className="alert-do">
      <span role="status">{said}</span>
      <button
        type="button"
        {...writing}
        disabled={writing.disabled || isTrying}
        onClick={() => void send()}
        aria-label={`Try ${props.id}`}
      >
        {isTrying ? 'Trying…' : 'Try'}
      </button>
    </span>
  )
}
