// PagerDuty's Events API v2 as its documentation has it: required fields, lengths, and nothing unknown. Keeps incidents by dedup_key.

import { z } from 'zod'
import type { Answer, Received } from './receiver.ts'

const routingKey = z.string().length(32)
const trigger = z.strictObject({
  routing_key: routingKey,
  event_action: z.literal('trigger'),
  dedup_key: z.string().min(1).max(255).optional(),
  client: z.string().optional(),
  client_url: z.url().optional(),
  links: z.array(z.strictObject({ href: z.url(), text: z.string().optional() })).optional(),
  images: z
    .array(
      z.strictObject({
        src: z.url({ protocol: /^https$/ }),
        href: z.url().optional(),
        alt: z.string().optional(),
      }),
    )
    .optional(),
  payload: z.strictObject({
    summary: z.string().min(1).max(1_024),
    source: z.string().min(1),
    severity: z.enum(['critical', 'error', 'warning', 'info']),
    timestamp: z.iso.datetime().optional(),
    component: z.string().optional(),
    group: z.string().optional(),
    class: z.string().optional(),
    custom_details: z.record(z.string(), z.unknown()).optional(),
  }),
})
const end = z.strictObject({
  routing_key: routingKey,
  event_action: z.enum(['acknowledge', 'resolve']),
  dedup_key: z.string().min(1).max(255),
})
const event = z.discriminatedUnion('event_action', [trigger, end])

const MOST_BYTES = 512 * 1_024

export interface Incident {
  state: 'triggered' | 'acknowledged' | 'resolved'
  events: number
}

export function strictPagerDuty(incidents: Map<string, Incident> = new Map()) {
  return ({ method, path, headers, body }: Received): Answer => {
    if (method !== 'POST' || path !== '/v2/enqueue') return { status: 404, body: '{"status":"not found"}' }
    if (!headers['content-type']?.startsWith('application/json')) return { status: 400, body: 'content type' }
    if (Buffer.byteLength(body) > MOST_BYTES) return { status: 413, body: 'too large' }
    const parsed = event.safeParse(JSON.parse(body))
    if (!parsed.success)
      return {
        status: 400,
        body: JSON.stringify({ status: 'invalid event', message: z.prettifyError(parsed.error) }),
      }
    const { event_action: action, dedup_key: key = 'made' } = parsed.data
    const incident = incidents.get(key)
    // what is not open can be neither acknowledged nor resolved, and that is no error there
    if (action === 'trigger') {
      const isOpen = incident !== undefined && incident.state !== 'resolved'
      incidents.set(key, {
        state: isOpen ? incident.state : 'triggered',
        events: (incident?.events ?? 0) + 1,
      })
    } else if (incident !== undefined)
      incidents.set(key, {
        state: action === 'resolve' ? 'resolved' : 'acknowledged',
        events: incident.events + 1,
      })
    return {
      status: 202,
      body: JSON.stringify({ status: 'success', message: 'Event processed', dedup_key: key }),
    }
  }
}
