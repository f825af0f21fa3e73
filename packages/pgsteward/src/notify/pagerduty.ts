// PagerDuty by Events API v2 (developer.pagerduty.com, "Send an alert event"). One incident for each life of a finding, told apart by
// its dedup_key, so that a repeated event changes nothing.

import type { AlertEvent, AlertMessage } from '../model/alert.ts'
import { subjectLabel } from '../model/finding.ts'
import { chartLine, circumstances, evidenceOf, happenedBefore, headline } from './alert-words.ts'
import type { Channel } from './channel.ts'
import { clip } from './clip.ts'
import { dedupKey } from './dedup-key.ts'
import { type HttpChannelOptions, post } from './http-channel.ts'

export interface PagerDutyOptions extends HttpChannelOptions {
  readonly routingKey: string
  /** https://events.pagerduty.com/v2/enqueue, or that of the EU. */
  readonly url: string
}

const SUMMARY_MOST = 1_024
/** The whole event may have 512 kB. */
const VALUE_MOST = 2_000
const DETAILS_MOST = 40

export function pagerduty(id: string, { routingKey, url, allow }: PagerDutyOptions): Channel {
  return {
    id,
    kind: 'pagerduty',
    most: 1,
    paceMs: 0,
    send: ({ deliveries: [delivery] }, signal) =>
      post({
        allow,
        url,
        headers: {},
        body: JSON.stringify(pagerDutyEvent(delivery!.message, routingKey)),
        signal,
        receiptOf: dedupKeyIn,
      }),
  }
}

const ACTIONS: Readonly<Record<AlertEvent, 'trigger' | 'acknowledge' | 'resolve'>> = {
  opened: 'trigger',
  worsened: 'trigger',
  escalated: 'trigger',
  repeated: 'trigger',
  acknowledged: 'acknowledge',
  resolved: 'resolve',
}

export type PagerDutyEvent = Readonly<Record<string, unknown>>

export function pagerDutyEvent(message: AlertMessage, routingKey: string): PagerDutyEvent {
  const action = ACTIONS[message.event]
  const key = { routing_key: routingKey, event_action: action, dedup_key: dedupKey(message) }
  // nothing else belongs into these
  if (action !== 'trigger') return key
  return {
    ...key,
    client: 'pgsteward',
    ...(message.link === null ? {} : { client_url: message.link }),
    payload: {
      summary: clip(headline(message), SUMMARY_MOST),
      source: message.targetId,
      severity: message.severity,
      timestamp: message.at.toISOString(),
      component: clip(subjectLabel(message.subject), VALUE_MOST),
      group: message.area,
      class: message.checkId,
      custom_details: details(message),
    },
    ...(message.link === null ? {} : { links: [{ href: message.link, text: 'Open in pgsteward' }] }),
  }
}

function details(message: AlertMessage): Readonly<Record<string, string>> {
  const chart = chartLine(message)
  const happened = happenedBefore(message)
  const entries = [
    ['circumstances', circumstances(message)],
    ...evidenceOf(message)
      .slice(0, DETAILS_MOST)
      .map(({ label, value }) => [label, value]),
    ...(chart === null ? [] : [[chart.label, `${chart.line} ${chart.range}`]]),
    ...(happened.length === 0 ? [] : [['happened before', happened.join('\n')]]),
    ...Object.entries(message.labels),
    ...(message.remedy === null
      ? []
      : [
          ['proposed', message.remedy.sql.join('\n')],
          ['caution', message.remedy.caution],
        ]),
    ['runbook', message.runbook],
  ] as const
  return Object.fromEntries(entries.map(([label, value]) => [clip(label!, 100), clip(value!, VALUE_MOST)]))
}

function dedupKeyIn(body: string): string | null {
  try {
    const { dedup_key: key } = JSON.parse(body) as { dedup_key?: unknown }
    return typeof key === 'string' ? key : null
  } catch {
    return null
  }
}
