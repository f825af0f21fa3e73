// One request to NerdGraph: its time bounded, an answer of 200 that is none told apart, patience where it is asked for.

import { StewardError } from '../../model/error.ts'
import type { Milliseconds } from '../../model/units.ts'
import { guardedFetch } from '../../net/guarded-fetch.ts'
import { ForbiddenAddress } from '../../net/guarded-lookup.ts'

export interface NerdGraphOptions {
  readonly url: string
  /** A user key, NRAK-...; neither logged nor told. */
  readonly apiKey: string
  readonly signal: AbortSignal
  /** As `outbound.allow` of the configuration. */
  readonly allow: readonly string[]
  readonly pause: (ms: Milliseconds) => Promise<void>
}

/** `data` of the answer. */
export type NerdGraph = (document: string, variables: Readonly<Record<string, unknown>>) => Promise<Data>
// biome-ignore lint/suspicious/noExplicitAny: what comes back has the shape of the document that asked
export type Data = any

const WITHIN_MS = 30_000
const TRIES = 4
const FIRST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 30_000
const KEPT_OF_ANSWER = 300

export function openNerdGraph(options: NerdGraphOptions): NerdGraph {
  return async (document, variables) => {
    // a mutation whose answer was lost may have been done: it is looked for again by the next run, not sent twice
    const isRepeatable = document.startsWith('query')
    for (let tries = 1; ; tries++) {
      const answer = await attempt(options, JSON.stringify({ query: document, variables }))
      if (answer.is === 'data') return answer.data
      const mayRepeat = answer.is === 'busy' || (answer.is === 'lost' && isRepeatable)
      if (!mayRepeat || tries === TRIES || options.signal.aborted) throw answer.error
      const asked = answer.is === 'busy' ? answer.afterMs : null
      await options.pause(Math.min(LONGEST_PAUSE_MS, asked ?? FIRST_PAUSE_MS * 2 ** (tries - 1)))
    }
  }
}

type Answer =
  | { readonly is: 'data'; readonly data: Data }
  | { readonly is: 'busy'; readonly error: StewardError; readonly afterMs: Milliseconds | null }
  | { readonly is: 'lost' | 'refused'; readonly error: StewardError }

async function attempt({ url, apiKey, signal, allow }: NerdGraphOptions, body: string): Promise<Answer> {
  let response: Awaited<ReturnType<typeof guardedFetch>>
  let text: string
  try {
    const headers = { 'content-type': 'application/json', 'user-agent': 'pgsteward', 'api-key': apiKey }
    const limit = AbortSignal.any([signal, AbortSignal.timeout(WITHIN_MS)])
    response = await guardedFetch(url, { method: 'POST', headers, body, signal: limit }, allow)
    text = await response.text()
  } catch (error) {
    const cause = (error as Error).cause ?? error
    if (cause instanceof ForbiddenAddress) return { is: 'refused', error: forbidden(url, cause) }
    return { is: 'lost', error: unreachable(url, reasonOf(error)) }
  }
  if (response.status === 401 || response.status === 403)
    return { is: 'refused', error: keyRefused(`HTTP ${response.status}`) }
  if (response.status === 429 || response.status >= 500) {
    const error = unreachable(url, `HTTP ${response.status}: ${text.trim().slice(0, KEPT_OF_ANSWER)}`)
    if (response.status !== 429 && response.status !== 503) return { is: 'lost', error }
    const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
    return { is: 'busy', error, afterMs: Number.isFinite(seconds) ? seconds * 1_000 : null }
  }
  return readBody(url, response.status, text)
}

/** Errors come with 200 as well, at the top of the body. */
function readBody(url: string, status: number, text: string): Answer {
  let body: { data?: Data; errors?: readonly GraphqlError[] }
  try {
    body = JSON.parse(text)
  } catch {
    const detail = `HTTP ${status}, and no JSON: ${text.trim().slice(0, KEPT_OF_ANSWER)}`
    return { is: 'refused', error: unreachable(url, detail) }
  }
  const errors = body.errors ?? []
  if (errors.length === 0 && status === 200 && body.data !== undefined && body.data !== null)
    return { is: 'data', data: body.data }
  const words = errors.map(wordsOf).join('; ') || `HTTP ${status}`
  const isKey = errors.some((error) => /UNAUTHORI|ACCESS_DENIED|FORBIDDEN/.test(classOf(error)))
  return { is: 'refused', error: isKey ? keyRefused(words) : refused('New Relic refused the request', words) }
}

interface GraphqlError {
  readonly message?: string
  readonly path?: readonly (string | number)[]
  readonly extensions?: { readonly errorClass?: string; readonly code?: string }
}

const classOf = ({ extensions }: GraphqlError): string =>
  `${extensions?.errorClass ?? ''} ${extensions?.code ?? ''}`
const wordsOf = (error: GraphqlError): string =>
  [error.message ?? 'no message', classOf(error).trim()].filter((part) => part !== '').join(' ')

export function refused(message: string, detail: string): StewardError {
  return new StewardError('newrelic-refused', message, {
    detail,
    hint: 'What was made before stays; mend it and run the command again, which continues.',
  })
}

function keyRefused(detail: string): StewardError {
  return new StewardError('newrelic-refused', 'New Relic refused the key', {
    detail,
    hint: 'NEW_RELIC_API_KEY must be a user key (NRAK-...) that may administer the account, and exports.newRelic.region that of the account.',
  })
}

function forbidden(url: string, { message }: ForbiddenAddress): StewardError {
  return new StewardError('newrelic-unreachable', `New Relic was not asked at ${new URL(url).host}`, {
    detail: message,
    hint: 'Is exports.newRelic.url right? Without it the API of exports.newRelic.region is asked.',
  })
}

function unreachable(url: string, detail: string): StewardError {
  return new StewardError('newrelic-unreachable', `New Relic did not answer at ${new URL(url).host}`, {
    detail,
    hint: 'Is there a way out through proxy and firewall? Run the command again: what is there already is found by its mark.',
  })
}

function reasonOf(error: unknown): string {
  if ((error as Error).name === 'TimeoutError') return `no answer within ${WITHIN_MS / 1_000} s`
  if ((error as Error).name === 'AbortError') return 'interrupted'
  const cause = (error as { cause?: { code?: string } }).cause
  return cause?.code ?? (error as Error).message
}
