// What applications send, into the store: bodies wait in a bounded line and are read one by one, so that a flood costs the senders a
// retry and the steward nothing. An answer is given when what it speaks of is saved.

import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { decodeOtlp, type Encoding } from '../../collect/ingest/decode-otlp.ts'
import type { Signal } from '../../collect/ingest/decoded.ts'
import { writeProtobuf } from '../../collect/ingest/otlp-messages.ts'
import { UnreadableBody } from '../../collect/ingest/read-value.ts'
import { RecentMap } from '../../collect/ingest/recent-map.ts'
import { type Translated, translator } from '../../collect/ingest/to-reports.ts'
import type { ApplicationEndpoint, ApplicationReport } from '../../model/application.ts'
import type { ApplicationStore } from '../../store/store.ts'
import type { Config } from '../config/config-schema.ts'
import { placer } from './place-application.ts'

export type { Encoding, Signal }
export { writeProtobuf as writeOtlp }

export interface ReceivedBody {
  readonly signal: Signal
  readonly encoding: Encoding
  readonly isGzip: boolean
  readonly bytes: Uint8Array
}

export type Received =
  /** `rejected`: what belongs to no target, `because`. */
  | { readonly status: 'saved'; readonly rejected: number; readonly because: string }
  | { readonly status: 'unreadable'; readonly because: string }
  | { readonly status: 'too large'; readonly because: string }
  | { readonly status: 'busy'; readonly retryAfterSeconds: number }
  | { readonly status: 'failed'; readonly because: string }

export interface UnplacedApplication {
  readonly application: string
  readonly endpoint: ApplicationEndpoint | null
  readonly because: string
  readonly reports: number
  readonly lastSeenAt: Date
}

export interface Ingest {
  readonly receive: (body: ReceivedBody) => Promise<Received>
  /** Applications that report and belong to no target, the latest first. */
  readonly unplaced: () => readonly UnplacedApplication[]
  /** Reads what is in line, and refuses what comes after. */
  readonly stop: () => Promise<void>
}

export interface IngestOptions {
  readonly store: Pick<ApplicationStore, 'saveReport'>
  readonly config: Pick<Config, 'targets' | 'applications'>
  readonly now: () => Date
  /** After a report was saved. */
  readonly onSaved?: (targetId: string, report: ApplicationReport) => void
  readonly onFailure?: (error: unknown) => void
}

export const MAX_INFLATED_BYTES = 16 * 2 ** 20

/** In line, as they came: at most so many, and so many bytes. */
const MAX_WAITING = 64
const MAX_WAITING_BYTES = 16 * 2 ** 20

const RETRY_AFTER_SECONDS = 5
const MAX_UNPLACED = 100

/** Bodies saved lately, by digest. */
const MAX_REMEMBERED = 1_000

const FLUSH_EVERY_MS = 5_000

export function createIngest({ store, config, now, onSaved, onFailure }: IngestOptions): Ingest {
  const { translate, flush } = translator()
  const place = placer(config)
  const unplaced = new Map<string, UnplacedApplication>()
  let waiting = 0
  let waitingBytes = 0
  let stopped = false
  let line: Promise<unknown> = Promise.resolve()
  const saved = new RecentMap<true>(MAX_REMEMBERED)

  const keepOut = ({ source, endpoint }: ApplicationReport, because: string) => {
    const { application } = source
    const reports = (unplaced.get(application)?.reports ?? 0) + 1
    unplaced.delete(application)
    unplaced.set(application, { application, endpoint, because, reports, lastSeenAt: now() })
    if (unplaced.size > MAX_UNPLACED) unplaced.delete(unplaced.keys().next().value!)
  }

  const save = async ({ reports, commit }: Translated, at: Date): Promise<Received> => {
    let rejected = 0
    let why = ''
    for (const report of reports) {
      const placed = place(report)
      if ('because' in placed) {
        rejected += sizeOf(report)
        why = `${report.source.application}: ${placed.because}`
        keepOut(report, placed.because)
        continue
      }
      unplaced.delete(report.source.application)
      await store.saveReport(placed.targetId, report, at)
      onSaved?.(placed.targetId, report)
    }
    commit()
    return { status: 'saved', rejected, because: why }
  }

  const flushLate = async () => {
    const at = now()
    await save(flush(at), at).catch((error: unknown) => onFailure?.(error))
  }
  const flushing = setInterval(() => {
    line = line.then(flushLate)
  }, FLUSH_EVERY_MS)
  flushing.unref()

  const take = async ({ signal, encoding, isGzip, bytes }: ReceivedBody): Promise<Received> => {
    try {
      const inflated = isGzip ? await inflate(bytes) : bytes
      const digest = digestOf(inflated)
      // the answer to it was lost; after a restart the store knows
      if (saved.get(digest)) return { status: 'saved', rejected: 0, because: '' }
      const decoded = await decodeOtlp(signal, encoding, inflated)
      const at = now()
      const outcome = await save(translate(decoded, digest, at), at)
      saved.set(digest, true)
      return outcome
    } catch (error) {
      if (error instanceof UnreadableBody) return { status: 'unreadable', because: error.message }
      if (error instanceof TooLarge) return { status: 'too large', because: error.message }
      onFailure?.(error)
      return { status: 'failed', because: 'the report could not be saved' }
    }
  }

  return {
    receive: async (body) => {
      const { byteLength } = body.bytes
      if (stopped || waiting >= MAX_WAITING || waitingBytes + byteLength > MAX_WAITING_BYTES)
        return { status: 'busy', retryAfterSeconds: RETRY_AFTER_SECONDS }
      waiting++
      waitingBytes += byteLength
      const taken = line.then(() => take(body))
      line = taken.finally(() => {
        waiting--
        waitingBytes -= byteLength
      })
      return await taken
    },
    unplaced: () => [...unplaced.values()].reverse(),
    stop: async () => {
      stopped = true
      clearInterval(flushing)
      await line
    },
  }
}

class TooLarge extends Error {}

/** Stops where it grows beyond the bound: a body of some kilobytes may inflate to gigabytes. */
async function inflate(bytes: Uint8Array): Promise<Uint8Array> {
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: MAX_INFLATED_BYTES })
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE')
      throw new TooLarge(`the body is larger than ${MAX_INFLATED_BYTES} bytes when inflated`)
    throw new UnreadableBody('the body is no gzip, although content-encoding says so')
  }
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 32)
}

function sizeOf({ operations, slowQueries, repeats, levels, pools }: ApplicationReport): number {
  return operations.length + slowQueries.length + repeats.length + levels.length + pools.length
}
