// One request to /api/v1: JSON in, JSON out, and an error that says what happened, why and what to do.

import type { ErrorWire } from 'pgsteward/wire'

/** `unreachable`: nobody answered, so trying again makes sense; otherwise the server itself refused. */
export class RequestError extends Error {
  readonly unreachable: boolean
  /** The server wants to know who asks. */
  readonly isUnauthorised: boolean
  /** It knows, and they may not. */
  readonly isForbidden: boolean
  readonly detail: string | undefined
  readonly hint: string | undefined

  constructor(
    message: string,
    unreachable: boolean,
    more: { detail?: string; hint?: string; isUnauthorised?: boolean; isForbidden?: boolean } = {},
  ) {
    super(message)
    this.name = 'RequestError'
    this.unreachable = unreachable
    this.isUnauthorised = more.isUnauthorised ?? false
    this.isForbidden = more.isForbidden ?? false
    this.detail = more.detail
    this.hint = more.hint
  }
}

/** A server that takes longer than this is as good as silent. */
const ANSWER_WITHIN_MS = 20_000

function isErrorWire(body: unknown): body is ErrorWire {
  const error = (body as { error?: unknown } | null)?.error
  return typeof (error as { message?: unknown } | null | undefined)?.message === 'string'
}

async function bodyOf(response: Response): Promise<unknown> {
  try {
    return await response.json()
  } catch {
    return undefined
  }
}

export async function request<T>(
  url: string,
  options: { readonly signal?: AbortSignal; readonly post?: unknown } = {},
): Promise<T> {
  const limit = AbortSignal.timeout(ANSWER_WITHIN_MS)
  const headers = new Headers({ accept: 'application/json' })
  const init: RequestInit = {
    signal: options.signal === undefined ? limit : AbortSignal.any([options.signal, limit]),
    headers,
  }
  if (options.post !== undefined) {
    headers.set('content-type', 'application/json')
    // by which the server knows a page of ours: another site's cannot send it
    headers.set('x-pgsteward', 'dashboard')
    init.method = 'POST'
    init.body = JSON.stringify(options.post)
  }
  let response: Response
  try {
    response = await fetch(url, init)
  } catch (cause) {
    if (options.signal?.aborted === true) throw cause
    throw new RequestError('The server does not answer', true)
  }
  const body = await bodyOf(response)
  if (response.ok && body !== undefined) return body as T
  if (isErrorWire(body)) {
    const { message, detail, hint } = body.error
    throw new RequestError(message, false, {
      isUnauthorised: response.status === 401,
      isForbidden: response.status === 403,
      ...(detail === undefined ? {} : { detail }),
      ...(hint === undefined ? {} : { hint }),
    })
  }
  // a gateway in front of a stopped server answers 502 to 504 with a page of its own
  const isGateway = response.status >= 502 && response.status <= 504
  throw new RequestError(
    isGateway ? 'The server does not answer' : `The server answered with HTTP ${response.status}`,
    isGateway,
    { detail: 'The answer was not in the expected form.', hint: "Look into the server's log." },
  )
}
