// Opsgenie's Alert API (docs.opsgenie.com, alert fields and limits). One alert for each life of a finding, told apart by its alias. The
// vendor has announced its end for 5 April 2027.

import type { AlertMessage } from '../model/alert.ts'
import { subjectLabel } from '../model/finding.ts'
import { chartLine, circumstances, evidenceOf, happenedBefore, headline } from './alert-words.ts'
import type { Channel } from './channel.ts'
import { clip } from './clip.ts'
import { dedupKey } from './dedup-key.ts'
import { type HttpChannelOptions, post } from './http-channel.ts'

export interface OpsgenieOptions extends HttpChannelOptions {
  readonly apiKey: string
  /** https://api.opsgenie.com, or https://api.eu.opsgenie.com. */
  readonly url: string
}

const MESSAGE_MOST = 130
const DESCRIPTION_MOST = 15_000
const TAG_MOST = 50
const NOTE_MOST = 25_000
const ENTITY_MOST = 512
const DETAILS_MOST = 20
const VALUE_MOST = 500

const PRIORITIES = { critical: 'P1', warning: 'P3', info: 'P5' } as const
const SOURCE = 'pgsteward'

export function opsgenie(id: string, { apiKey, url, allow }: OpsgenieOptions): Channel {
  return {
    id,
    kind: 'opsgenie',
    most: 1,
    paceMs: 0,
    send: ({ deliveries: [delivery] }, signal) => {
      const { path, body } = opsgenieRequest(delivery!.message)
      return post({
        allow,
        url: `${url.replace(/\/+$/, '')}${path}`,
        headers: { authorization: `GenieKey ${apiKey}` },
        body: JSON.stringify(body),
        signal,
        receiptOf: requestIdIn,
      })
    },
  }
}

export function opsgenieRequest(message: AlertMessage): {
  readonly path: string
  readonly body: Readonly<Record<string, unknown>>
} {
  const alias = dedupKey(message)
  const of = (action: string) => `/v2/alerts/${encodeURIComponent(alias)}/${action}?identifierType=alias`
  const note = clip(`${headline(message)}\n${circumstances(message)}`, NOTE_MOST)
  switch (message.event) {
    case 'acknowledged':
      return { path: of('acknowledge'), body: { source: SOURCE, note } }
    case 'resolved':
      return { path: of('close'), body: { source: SOURCE, note } }
    case 'opened':
    case 'worsened':
      return { path: '/v2/alerts', body: alertBody(message, alias) }
    case 'escalated':
    case 'repeated':
      return { path: of('notes'), body: { source: SOURCE, note } }
  }
}

function alertBody(message: AlertMessage, alias: string) {
  const evidence = evidenceOf(message)
  const chart = chartLine(message)
  const description = [
    circumstances(message),
    ...evidence.map(({ label, value }) => `${label}: ${value}`),
    ...(chart === null ? [] : [`${chart.label}: ${chart.line} ${chart.range}`]),
    ...happenedBefore(message),
    ...(message.remedy === null ? [] : ['', ...message.remedy.sql, message.remedy.caution]),
    ...(message.link === null ? [] : ['', message.link]),
    message.runbook,
  ].join('\n')
  return {
    message: clip(headline(message), MESSAGE_MOST),
    alias,
    description: clip(description, DESCRIPTION_MOST),
    priority: PRIORITIES[message.severity],
    source: SOURCE,
    entity: clip(`${message.targetId} ${subjectLabel(message.subject)}`, ENTITY_MOST),
    tags: [message.area, message.checkId, message.targetId].map((tag) => clip(tag, TAG_MOST)),
    details: Object.fromEntries(
      evidence
        .slice(0, DETAILS_MOST)
        .map(({ label, value }) => [clip(label, TAG_MOST), clip(value, VALUE_MOST)]),
    ),
  }
}

/** Alerts are made later; by this id their making can be asked about. */
function requestIdIn(body: string): string | null {
  try {
    const { requestId } = JSON.parse(body) as { requestId?: unknown }
    return typeof requestId === 'string' ? requestId : null
  } catch {
    return null
  }
}
