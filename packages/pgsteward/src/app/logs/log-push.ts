// A pushed body, from the door to the store: inflated within bounds, taken apart, put in line. The answer comes when it is saved.

import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gunzip, inflate } from 'node:zlib'
import { RecentMap } from '../../collect/ingest/recent-map.ts'
import { pushedBody } from '../../collect/logs/pushed-body.ts'
import type { PushedLines } from '../../collect/logs/pushed-lines.ts'

export interface PushedRequest {
  readonly targetId: string
  /** Tells the lines of one sender from those of another. */
  readonly sender: string
  readonly encoding: string
  readonly bytes: Uint8Array
}

export type PushAnswer =
  /** `skipped`: objects in which no message was found. */
  | { readonly status: 'saved'; readonly skipped: number }
  | { readonly status: 'busy'; readonly retryAfterSeconds: number }
  | {
      readonly status: 'refused'
      readonly code: 400 | 404 | 413 | 415 | 503
      readonly because: string
      readonly hint: string
    }

export interface LogPush {
  readonly receive: (request: PushedRequest) => Promise<PushAnswer>
}

const MAX_INFLATED_BYTES = 16 * 2 ** 20
const RETRY_AFTER_SECONDS = 5
const MAX_REMEMBERED = 1_000

/** Of one body answered late, the sender sends it again: within this time it is the same. */
const SAME_WITHIN_MS = 10 * 60_000

export interface LogPushOptions {
  readonly pushedTo: (targetId: string) => PushedLines | undefined
  readonly targetIds: readonly string[]
  readonly now: () => Date
}

export function logPush({ pushedTo, targetIds, now }: LogPushOptions): LogPush {
  const saved = new RecentMap<number>(MAX_REMEMBERED)
  return {
    receive: async ({ targetId, sender, encoding, bytes }) => {
      const lines = pushedTo(targetId)
      if (lines === undefined) return refusal(targetId, targetIds)
      const inflated = await unpacked(encoding, bytes)
      if ('code' in inflated) return { status: 'refused', ...inflated }
      const digest = createHash('sha256').update(targetId).update(inflated.bytes).digest('hex')
      const before = saved.get(digest)
      // the answer to it was lost
      if (before !== undefined && now().getTime() - before < SAME_WITHIN_MS)
        return { status: 'saved', skipped: 0 }
      const { kind, text, skipped } = pushedBody(inflated.bytes)
      if (text.length === 0) return { status: 'saved', skipped }
      const offered = lines.offer('http', `${kind} ${sender}`, text)
      if (offered === null) return { status: 'busy', retryAfterSeconds: RETRY_AFTER_SECONDS }
      try {
        await offered
      } catch {
        return {
          status: 'refused',
          code: 503,
          because: 'the lines could not be saved',
          hint: 'Send them again later.',
        }
      }
      saved.set(digest, now().getTime())
      return { status: 'saved', skipped }
    },
  }
}

function refusal(targetId: string, targetIds: readonly string[]): PushAnswer {
  const isKnown = targetIds.includes(targetId)
  return {
    status: 'refused',
    code: 404,
    because: isKnown ? `${targetId} takes no pushed log` : `there is no target ${targetId}`,
    hint: isKnown ? 'Set targets[].logs.http to true for it.' : `Targets: ${targetIds.join(', ') || 'none'}.`,
  }
}

type Refused = {
  readonly code: 400 | 413 | 415
  readonly because: string
  readonly hint: string
}

const INFLATE: Readonly<
  Record<string, (bytes: Uint8Array, options: { maxOutputLength: number }) => Promise<Buffer>>
> = {
  gzip: promisify(gunzip),
  deflate: promisify(inflate),
}

/** Stops where it grows beyond the bound: a body of some kilobytes may inflate to gigabytes. */
async function unpacked(
  encoding: string,
  bytes: Uint8Array,
): Promise<{ readonly bytes: Uint8Array } | Refused> {
  if (encoding === 'identity') return { bytes }
  const inflate = INFLATE[encoding]
  if (inflate === undefined)
    return { code: 415, because: `content-encoding ${encoding} is not read`, hint: 'Use gzip.' }
  try {
    return { bytes: await inflate(bytes, { maxOutputLength: MAX_INFLATED_BYTES }) }
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE')
      return {
        code: 413,
        because: `the body is larger than ${MAX_INFLATED_BYTES} bytes when inflated`,
        hint: 'Send fewer lines at once.',
      }
    return {
      code: 400,
      because: `the body is no ${encoding}, although content-encoding says so`,
      hint: 'Send it plain, or as gzip.',
    }
  }
}
