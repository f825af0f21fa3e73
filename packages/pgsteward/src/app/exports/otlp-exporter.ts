// Sends what /metrics tells to an OTLP receiver, every so often. What can't be sent waits, bounded, and is sent once the receiver is
// back; the same bytes each time, so that a receiver sees the same points again and never others of the same span.

import { type EncodedBody, Sender } from '@pgsteward/instrument/sender'
import { rejectedOf, writeProtobuf } from '../../collect/ingest/otlp-messages.ts'
import type { MetricFamily } from '../../export/metric-family.ts'
import { increases } from '../../export/otlp-delta.ts'
import { type OtlpRequest, otlpRequests } from '../../export/otlp-metrics.ts'
import { guardedLookup, refuseForbiddenHost } from '../../net/guarded-lookup.ts'
import type { OtlpExportConfig } from './export-config.ts'

export interface OtlpExporterOptions {
  readonly config: OtlpExportConfig
  /** As `outbound.allow` of the configuration. */
  readonly allow: readonly string[]
  readonly read: () => Promise<readonly MetricFamily[]>
  /** When the counters began. */
  readonly startedAt: Date
  readonly version: string
  readonly instance: string
  readonly now: () => Date
  /** When the receiver stops taking what is sent, for what reason, and when it takes it again. */
  readonly onTrouble: (text: string) => void
  /** Before the second attempt; doubles. Default 1 s. */
  readonly firstRetryMs?: number
}

export interface OtlpExporter {
  /** Reads and puts into the queue, now. */
  readonly exportNow: () => Promise<void>
  /** Tells once more, and gives what waits some seconds. */
  readonly stop: () => Promise<void>
}

/** Hours of a middling target; beyond it the oldest goes. */
const MAX_QUEUE_BYTES = 16 * 2 ** 20
const STOP_WITHIN_MS = 5_000
const WATCH_EVERY_MS = 1_000

export function startOtlpExporter(options: OtlpExporterOptions): OtlpExporter {
  const { config, allow, read, startedAt, version, instance, now, onTrouble, firstRetryMs = 1_000 } = options
  const isJson = config.protocol === 'http/json'
  const told = trouble(new URL(config.endpoint).host, onTrouble)
  const sender = new Sender({
    endpoint: config.endpoint,
    token: null,
    headers: config.headers,
    lookup: guardedLookup(allow),
    maxQueueBytes: MAX_QUEUE_BYTES,
    firstRetryMs,
    onRefused: told.refused,
    rejectedOf: isJson ? null : rejectedOf,
  })
  const sinceLast = increases()
  let from = startedAt
  let running: Promise<void> = Promise.resolve()

  const send = async () => {
    // no lookup sees an address
    refuseForbiddenHost(config.endpoint, allow)
    const families = await read()
    const at = now()
    const isDelta = config.temporality === 'delta'
    const requests = otlpRequests(isDelta ? sinceLast.of(families) : families, {
      resource: { 'service.name': 'pgsteward', 'service.instance.id': instance, ...config.resource },
      version,
      temporality: config.temporality,
      from,
      at,
    })
    if (isDelta) from = at
    await sender.send(await Promise.all(requests.map((request) => bodyOf(request, isJson))))
  }
  const exportNow = () => {
    running = running.then(send).catch((error: Error) => told.failed(error.message))
    return running
  }
  const timer = setInterval(exportNow, config.every)
  const watch = setInterval(() => told.look(sender), WATCH_EVERY_MS)
  timer.unref()
  watch.unref()
  return {
    exportNow,
    stop: async () => {
      clearInterval(timer)
      await exportNow()
      await sender.flush(STOP_WITHIN_MS)
      clearInterval(watch)
      sender.close()
    },
  }
}

async function bodyOf({ body, points }: OtlpRequest, isJson: boolean) {
  const head = { path: '/v1/metrics', items: points } as const
  if (isJson) return { ...head, json: JSON.stringify(body) }
  return { ...head, bytes: await writeProtobuf('MetricsRequest', body) } satisfies EncodedBody
}

/** Says each thing once: when it begins, when it is another, when it is over. */
function trouble(host: string, onTrouble: (text: string) => void) {
  let said: string | null = null
  const say = (because: string, text: string) => {
    if (said !== because) onTrouble(text)
    said = because
  }
  return {
    failed: (because: string) => say(because, `${host}: ${because}`),
    refused: (because: string) =>
      say(
        because,
        `${host} refuses metrics, which are not sent again: ${because}${/40[13]/.test(because) ? '; is its key right?' : ''}`,
      ),
    look: (sender: Sender) => {
      const dropped = Object.values(sender.takeDropped()).reduce((sum, each) => sum + each, 0)
      if (dropped > 0 && said === null) onTrouble(`${host} did not take ${dropped} data points`)
      const { lastError, nextAttemptAt, lastSentAt, queuedBytes } = sender.state()
      if (lastError !== null && nextAttemptAt !== null)
        say(lastError, `${host} does not take metrics, which wait: ${lastError}`)
      else if (said !== null && lastError === null && lastSentAt !== null && queuedBytes === 0) {
        onTrouble(`${host} takes metrics again`)
        said = null
      }
    },
  }
}
