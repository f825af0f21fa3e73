// Whom New Relic tells: destination, channel and workflow as NerdGraph takes them.

import type { Owner } from '../definitions.ts'
import type { Input } from './wanted.ts'

/** Slack and PagerDuty are connected in New Relic's pages, by a login there; here only their destination's id is known. */
export type NotificationChannel =
  | { readonly type: 'email'; readonly to: readonly string[] }
  | { readonly type: 'webhook'; readonly url: string }
  | { readonly type: 'slack'; readonly destinationId: string; readonly channelId: string }
  | { readonly type: 'pagerduty'; readonly destinationId: string }

/** What a receiver of the webhook gets: as documented for messages of workflows, in their Handlebars. */
const WEBHOOK_PAYLOAD = `{
  "id": {{ json issueId }},
  "title": {{ json annotations.title.[0] }},
  "priority": {{ json priority }},
  "state": {{ json state }},
  "url": {{ json issuePageUrl }},
  "conditions": {{ json accumulations.conditionName }}
}`

const property = (key: string, value: string) => ({ key, value })

interface ChannelParts {
  readonly key: string
  /** Null: one that stands already is used. */
  readonly destination: Input | null
  readonly channel: Input
}

/** A channel stays with its destination for life, so the key names the destination: with another one there is another channel. */
export function channelOf(owner: Owner, configured: NotificationChannel): ChannelParts {
  const product = 'IINT'
  switch (configured.type) {
    case 'email':
      return {
        key: `${owner}/email`,
        destination: { type: 'EMAIL', properties: [property('email', configured.to.join(','))] },
        channel: { type: 'EMAIL', product, properties: [property('subject', '{{ issueTitle }}')] },
      }
    case 'webhook':
      return {
        key: `${owner}/webhook`,
        destination: { type: 'WEBHOOK', properties: [property('url', configured.url)] },
        channel: { type: 'WEBHOOK', product, properties: [property('payload', WEBHOOK_PAYLOAD)] },
      }
    case 'slack':
      return {
        key: `${owner}/slack/${configured.destinationId}`,
        destination: null,
        channel: { type: 'SLACK', product, properties: [property('channelId', configured.channelId)] },
      }
    case 'pagerduty':
      return {
        key: `${owner}/pagerduty/${configured.destinationId}`,
        destination: null,
        channel: {
          type: 'PAGERDUTY_SERVICE_INTEGRATION',
          product,
          properties: [property('summary', '{{ annotations.title.[0] }}')],
        },
      }
  }
}

/** A channel may serve one workflow only, so each owner has both. */
export function workflowInput(name: string, policyIds: readonly string[], channelId: string): Input {
  return {
    name,
    workflowEnabled: true,
    destinationsEnabled: true,
    enrichmentsEnabled: false,
    mutingRulesHandling: 'DONT_NOTIFY_FULLY_MUTED_ISSUES',
    issuesFilter: {
      name,
      type: 'FILTER',
      predicates: [{ attribute: 'labels.policyIds', operator: 'EXACTLY_MATCHES', values: policyIds }],
    },
    destinationConfigurations: [{ channelId, notificationTriggers: ['ACTIVATED', 'CLOSED'] }],
  }
}
