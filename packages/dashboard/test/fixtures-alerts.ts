// Made-up alerts as the API would tell of them: firing, in hand, silenced, over; channels of which one fails; messages that wait.

import { type AlertsWire, alertsWire } from '../../pgsteward/src/model/wire.ts'
import { ago, HOSTILE } from './fixtures.ts'

const MINUTE = 60_000
const inMs = (ms: number) => new Date(Date.now() + ms).toISOString()

const firing: AlertsWire['alerts'][number] = {
  targetId: 'messaging',
  findingKey: 'slow-route:route/messaging/GET /inbox',
  checkId: 'slow-route',
  label: 'GET /inbox',
  summary: 'GET /inbox of messaging answers slowly',
  state: 'firing',
  severity: 'critical',
  openedAt: ago(12 * MINUTE),
  resolvedAt: null,
  channels: ['pager', 'devops-alerts'],
  silencedBy: null,
  acknowledgedBy: null,
  acknowledgedUntil: null,
  nextEscalationAt: inMs(3 * MINUTE),
}

const delivery: AlertsWire['deliveries'][number] = {
  targetId: 'messaging',
  findingKey: firing.findingKey,
  channel: 'pager',
  event: 'opened',
  severity: 'critical',
  summary: firing.summary,
  state: 'sent',
  createdAt: ago(12 * MINUTE),
  sentAt: ago(12 * MINUTE),
  attempts: 1,
  lastError: null,
}

const silence: AlertsWire['silences'][number] = {
  id: '7',
  match: { targets: ['messaging'], checks: ['deadlocks', 'long-running-query'] },
  from: ago(10 * MINUTE),
  until: inMs(20 * MINUTE),
  by: 'kim',
  because: 'release 4.2',
  isInForce: true,
  endedAt: null,
}

export function alerts(over: Partial<AlertsWire> = {}): AlertsWire {
  return alertsWire.parse({
    alerts: [
      firing,
      {
        ...firing,
        findingKey: `deadlocks:database/${HOSTILE}`,
        summary: `Transactions of ${HOSTILE} lock each other out`,
        severity: 'warning',
        silencedBy: 'release 4.2',
        channels: [],
        nextEscalationAt: null,
      },
      {
        ...firing,
        findingKey: 'connections-near-limit:server',
        summary: 'Connections are nearly used up',
        state: 'acknowledged',
        acknowledgedBy: 'ada',
        acknowledgedUntil: inMs(50 * MINUTE),
        nextEscalationAt: null,
      },
      {
        ...firing,
        findingKey: 'failing-route:route/messaging/POST /charge',
        summary: 'POST /charge of messaging fails',
        state: 'resolved',
        openedAt: ago(300 * MINUTE),
        resolvedAt: ago(280 * MINUTE),
        nextEscalationAt: null,
      },
    ],
    deliveries: [
      delivery,
      ...Array.from({ length: 14 }, (_, at) => ({ ...delivery, createdAt: ago((at + 20) * MINUTE) })),
      {
        ...delivery,
        channel: 'devops-alerts',
        state: 'waiting',
        sentAt: null,
        attempts: 4,
        lastError: 'HTTP 404: no_service',
      },
      {
        ...delivery,
        channel: 'audit',
        event: 'resolved',
        state: 'given-up',
        sentAt: null,
        lastError: `HTTP 422: ${HOSTILE}`,
      },
    ],
    silences: [
      silence,
      { ...silence, id: '6', match: {}, because: 'import', isInForce: false, endedAt: ago(60 * MINUTE) },
    ],
    channels: [
      { id: 'pager', kind: 'pagerduty', isFailing: false, because: null, lastSentAt: ago(12 * MINUTE) },
      {
        id: 'devops-alerts',
        kind: 'slack',
        isFailing: true,
        because: 'HTTP 404: no_service',
        lastSentAt: null,
      },
    ],
    ...over,
  })
}

export const NO_ALERTS: Partial<AlertsWire> = { alerts: [], deliveries: [], silences: [], channels: [] }
