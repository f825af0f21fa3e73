// Sentry's envelope endpoint as its documentation has it (develop.sentry.dev: Envelopes, Event Payloads, Rate Limiting): framing, lengths,
// authentication, sizes, and no attribute that is not documented. Keeps events by id; one that comes twice is dropped, as Sentry does.

import { z } from 'zod'
import type { Answer, Received } from '../notify/receiver.ts'

const uuid = z.string().regex(/^[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}$/, 'a uuid4 of 32 hex digits')
const line = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .refine((text) => !text.includes('\n'), 'of one line')
const sdk = z.strictObject({ name: z.string().min(1), version: z.string().min(1) })

const frame = z.strictObject({
  filename: z.string().optional(),
  function: z.string().optional(),
  lineno: z.number().int().min(1).optional(),
  colno: z.number().int().min(1).optional(),
  in_app: z.boolean().optional(),
})
const exception = z.strictObject({
  type: z.string().min(1),
  value: z.string().max(8_192),
  module: z.string().optional(),
  mechanism: z
    .strictObject({
      type: z.string().min(1),
      description: z.string().optional(),
      help_link: z.url().optional(),
      handled: z.boolean().optional(),
      synthetic: z.boolean().optional(),
    })
    .optional(),
  stacktrace: z
    .strictObject({
      frames: z
        .array(frame.refine((one) => one.filename !== undefined || one.function !== undefined))
        .min(1)
        .max(50),
    })
    .optional(),
})
const trace = z.strictObject({
  trace_id: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .refine((id) => !/^0+$/.test(id)),
  span_id: z.string().regex(/^[0-9a-f]{16}$/),
  parent_span_id: z
    .string()
    .regex(/^[0-9a-f]{16}$/)
    .optional(),
  op: z.string().optional(),
  status: z.string().optional(),
})
const context = z
  .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
  .refine((value) => Buffer.byteLength(JSON.stringify(value)) <= 8_192, 'at most 8 kB')

const eventSchema = z.strictObject({
  event_id: uuid,
  timestamp: z.union([z.iso.datetime(), z.number().positive()]),
  platform: z.enum(['node', 'javascript', 'other']),
  level: z.enum(['fatal', 'error', 'warning', 'info', 'debug']).optional(),
  logger: line(64).optional(),
  transaction: line(200).optional(),
  server_name: line(200).optional(),
  release: line(250)
    .refine((text) => !/[/\\\t]/.test(text) && text.trim() === text && !/^(\.{1,2}|latest)$/i.test(text))
    .optional(),
  environment: line(64)
    .refine((text) => !/[\s/]/.test(text) && text !== 'None')
    .optional(),
  tags: z.record(z.string().regex(/^[a-zA-Z0-9_.:-]{1,32}$/), line(200)).optional(),
  fingerprint: z.array(z.string()).min(1).optional(),
  exception: z.strictObject({ values: z.array(exception).min(1) }).optional(),
  contexts: z.looseObject({ trace: trace.optional() }).pipe(z.record(z.string(), context)).optional(),
  sdk: sdk.optional(),
})
export type ReceivedEvent = z.output<typeof eventSchema>

const envelopeHeader = z.strictObject({
  event_id: uuid,
  sent_at: z.iso.datetime(),
  dsn: z.string().optional(),
  sdk: sdk.optional(),
})
const itemHeader = z.strictObject({
  type: z.literal('event'),
  length: z.number().int().min(0),
  content_type: z.literal('application/json').optional(),
})

const MOST_EVENT_BYTES = 2 ** 20

export interface StrictSentry {
  readonly events: Map<string, ReceivedEvent>
  /** Events that came again under an id that was known. */
  readonly repeated: string[]
  readonly take: (received: Received) => Answer
}

export function strictSentry(project: string, key: string): StrictSentry {
  const events = new Map<string, ReceivedEvent>()
  const repeated: string[] = []
  const refuse = (status: number, detail: string): Answer => ({ status, body: JSON.stringify({ detail }) })
  const take = ({ method, path, headers, body }: Received): Answer => {
    if (method !== 'POST' || path !== `/api/${project}/envelope/`) return refuse(404, 'no such endpoint')
    if (headers['content-type'] !== 'application/x-sentry-envelope') return refuse(415, 'content type')
    const auth = new Map(
      /^Sentry (.+)$/
        .exec(String(headers['x-sentry-auth'] ?? ''))?.[1]
        ?.split(/,\s*/)
        .map((pair) => pair.split('=') as [string, string]),
    )
    if (auth.get('sentry_version') !== '7' || !/^[\w.-]+\/[\w.-]+$/.test(auth.get('sentry_client') ?? ''))
      return refuse(401, 'missing authorization information')
    if (auth.get('sentry_key') !== key) return refuse(403, 'event submission rejected with_reason: ProjectId')
    try {
      const event = eventIn(Buffer.from(body))
      if (events.has(event.event_id)) repeated.push(event.event_id)
      else events.set(event.event_id, event)
      return { status: 200, body: JSON.stringify({ id: event.event_id }) }
    } catch (error) {
      if (error instanceof RangeError) return refuse(413, error.message)
      return refuse(400, error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message)
    }
  }
  return { events, repeated, take }
}

/** Throws RangeError where it is too large, else what is wrong with it. */
function eventIn(envelope: Buffer): ReceivedEvent {
  let at = 0
  const headerLine = (): unknown => {
    const end = envelope.indexOf(10, at)
    if (end < 0) throw new Error('a header has no end')
    const text = envelope.subarray(at, end).toString()
    if (text.trim() !== text) throw new Error('a header is padded')
    at = end + 1
    return JSON.parse(text)
  }
  const header = envelopeHeader.parse(headerLine())
  const { length } = itemHeader.parse(headerLine())
  if (length > MOST_EVENT_BYTES) throw new RangeError('envelope exceeded size limits for type event')
  const payload = envelope.subarray(at, at + length)
  if (payload.length < length) throw new Error('the payload ends before its length')
  const rest = envelope.subarray(at + length)
  if (rest.length > 0 && !rest.equals(Buffer.from('\n')))
    throw new Error('the payload is longer than its length')
  const event = eventSchema.parse(JSON.parse(payload.toString()))
  if (event.event_id !== header.event_id) throw new Error('the ids differ')
  return event
}
