// What `pgsteward findings` lists: asked of a running server, since that one holds its embedded store, or read from the store.

import { z } from 'zod'
import type { Config } from '../app/config-schema.ts'
import { StewardError } from '../model/error.ts'
import { SEVERITIES } from '../model/finding.ts'
import type { FindingState } from '../model/open-finding.ts'
import {
  errorWire,
  type TargetWire,
  type ToldFindingWire,
  targetWire,
  toldFindingWire,
} from '../model/wire.ts'

export interface KnownFindings {
  /** Where they come from, in words. */
  readonly source: string
  readonly findings: readonly ToldFindingWire[]
}

/** A server on this machine answers at once or is not there. */
const LOOKS_FOR_MS = 700
/** Events around a thousand findings take their time. */
const ANSWERS_WITHIN_MS = 30_000

/** Of the server that `config` describes; null: none answers there. */
export async function serverAt(config: Pick<Config, 'server'>): Promise<string | null> {
  const { host, port } = config.server
  const shown = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  const address = `http://${shown.includes(':') ? `[${shown}]` : shown}:${port}`
  try {
    const response = await fetch(`${address}/api/v1/targets`, { signal: AbortSignal.timeout(LOOKS_FOR_MS) })
    const isOurs = Array.isArray(await response.json()) || response.status === 401
    return isOurs ? address : null
  } catch {
    return null
  }
}

export interface Question {
  readonly address: string
  readonly token: string | undefined
  readonly target: string | undefined
  readonly states: readonly FindingState[]
}

/** Throws 'server-unreachable' where it does not answer, and what it answers in place of findings. */
export async function findingsFromServer({
  address,
  token,
  target,
  states,
}: Question): Promise<KnownFindings> {
  const ask = async <T extends z.ZodType>(path: string, answer: T): Promise<z.output<T>> => {
    const url = new URL(`/api/v1/${path}`, address)
    const response = await fetch(url, {
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(ANSWERS_WITHIN_MS),
    }).catch((error: Error) => {
      throw unreachable(address, error)
    })
    const body: unknown = await response.json().catch(() => null)
    const failure = errorWire.safeParse(body)
    if (failure.success) {
      const { message, detail, hint } = failure.data.error
      throw new StewardError(response.status === 401 ? 'usage' : 'server-unreachable', message, {
        ...(detail === undefined ? {} : { detail }),
        hint: response.status === 401 ? 'Set PGSTEWARD_ADMIN_TOKEN to its admin token.' : (hint ?? ''),
      })
    }
    const parsed = answer.safeParse(body)
    if (parsed.success) return parsed.data
    throw unreachable(address, new Error('what answers there is no pgsteward, or one of another version'))
  }
  const targets: readonly TargetWire[] = await ask('targets', z.array(targetWire))
  if (target !== undefined && !targets.some(({ id }) => id === target))
    throw new StewardError('usage', `there is no target ${target}`, {
      hint: `Known: ${targets.map(({ id }) => id).join(', ')}.`,
    })
  const asked = targets.filter(({ id }) => target === undefined || id === target)
  const found = await Promise.all(
    asked.map(({ id }) =>
      ask(
        `targets/${encodeURIComponent(id)}/findings?told=true&state=${states.join(',')}`,
        z.array(toldFindingWire),
      ),
    ),
  )
  // each target's are in order; among several the worst of all come first
  const findings = SEVERITIES.toReversed().flatMap((severity) =>
    found.flat().filter((finding) => finding.severity === severity),
  )
  return { source: `the server at ${address}`, findings }
}

function unreachable(address: string, cause: Error): StewardError {
  return new StewardError('server-unreachable', `no pgsteward answers at ${address}`, {
    detail: cause.message,
    hint: 'Is it running? Without --server the store is read.',
    cause,
  })
}
