// Alerts as rows: how grave, what, who was told, who has it in hand.

import type { AlertWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { SeverityBadge } from '../findings/severity.tsx'
import { formatMs } from '../format.ts'
import { Icon } from '../icon.tsx'
import { Link } from '../link.tsx'
import { Moment } from '../moment.tsx'
import { toldWords } from './alert-words.ts'

export function AlertList(props: {
  readonly alerts: readonly AlertWire[]
  /** Null: they are over. */
  readonly onTake: ((alert: AlertWire) => void) | null
}): ReactNode {
  const { onTake } = props
  return (
    <ul className="alert-list">
      {props.alerts.map((alert) => (
        <li key={`${alert.findingKey} ${alert.openedAt}`}>
          <Standing alert={alert} />
          <span className="alert-what">
            <Link to={{ page: 'finding', key: alert.findingKey }}>{alert.summary}</Link>
            <span className="muted">{toldWords(alert)}</span>
          </span>
          <span className="alert-since muted">
            {alert.resolvedAt === null ? (
              <Moment at={alert.openedAt} />
            ) : (
              <>
                <Moment at={alert.resolvedAt} />, lasted{' '}
                {formatMs(Date.parse(alert.resolvedAt) - Date.parse(alert.openedAt))}
              </>
            )}
          </span>
          {onTake === null ? null : (
            <button type="button" onClick={() => onTake(alert)}>
              {alert.state === 'acknowledged' ? 'Take over' : 'Take in hand'}
            </button>
          )}
        </li>
      ))}
    </ul>
  )
}

function Standing(props: { readonly alert: AlertWire }): ReactNode {
  const { state, severity } = props.alert
  if (state === 'firing') return <SeverityBadge severity={severity} />
  return (
    <span className="badge is-resolved">
      <Icon name="resolved" /> {state === 'resolved' ? 'Over' : 'In hand'}
    </span>
  )
}
