// A running pgsteward, asked over its API: the one of the configuration, or one that is named.

import type { z } from 'zod'
import type { Config } from '../app/config/config-schema.ts'
import { StewardError } from '../model/error.ts'
import { errorWire } from '../model/wire.ts'

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
    const isOurs = Array.isArray(await response.json()) || [401, 429].includes(response.status)
    return isOurs ? address : null
  } catch {
    return null
  }
}

/** What `--server` names. Throws 'usage'. */
export function serverUrl(text: string | undefined): string | null {
  if (text === undefined) return null
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text
  throw new StewardError('usage', `--server ${text} is not the address of a pgsteward`, {
    hint: 'Such as http://127.0.0.1:7432.',
  })
}

export interface ServerAddress {
  readonly address: string
  /** What the configuration has for it: server.token, or server.adminToken. */
  readonly token: string | undefined
}

/** The named server, or that of the configuration. Throws 'server-unreachable' where none answers. */
export async function runningServer(
  config: Pick<Config, 'server'>,
  named: string | undefined,
): Promise<ServerAddress> {
  const address = serverUrl(named) ?? (await serverAt(config))
  if (address !== null) return { address, token: tokenOf(config) }
  throw new StewardError('server-unreachable', 'no pgsteward is running on this machine', {
    hint: 'Start it with pgsteward watch, or name one: --server http://127.0.0.1:7432',
  })
}

export function tokenOf({ server }: Pick<Config, 'server'>): string | undefined {
  return server.token ?? server.adminToken
}

/** GET, or POST where there is a body. Throws 'server-unreachable' where it does not answer, and what it answers as an error. */
export async function askServer<T extends z.ZodType>(
  server: ServerAddress,
  path: string,
  answer: T,
  body?: unknown,
): Promise<z.output<T>> {
  const response = await ask(server, path, body)
  const answered: unknown = await response.json().catch(() => null)
  throwRefusal(response, answered)
  const parsed = answer.safeParse(answered)
  if (parsed.success) return parsed.data
  throw unreachable(server.address, notOurs())
}

/** GET of what is no JSON. Throws as askServer does. */
export async function askServerText(server: ServerAddress, path: string): Promise<string> {
  const response = await ask(server, path)
  if (response.ok) return await response.text()
  throwRefusal(response, await response.json().catch(() => null))
  throw unreachable(server.address, notOurs())
}

async function ask({ address, token }: ServerAddress, path: string, body?: unknown): Promise<Response> {
  return await fetch(new URL(`/api/v1/${path}`, address), {
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(ANSWERS_WITHIN_MS),
  }).catch((error: Error) => {
    throw unreachable(address, error)
  })
}

function throwRefusal(response: Response, answered: unknown): void {
  const failure = errorWire.safeParse(answered)
  if (!failure.success) return
  const { message, detail, hint } = failure.data.error
  const isOurFault = response.status >= 400 && response.status < 500
  throw new StewardError(isOurFault ? 'usage' : 'server-unreachable', message, {
    ...(detail === undefined ? {} : { detail }),
    ...(response.status === 401
      ? { hint: 'Set PGSTEWARD_TOKEN to one of its tokens: pgsteward token create makes them.' }
      : hint === undefined
        ? {}
        : { hint }),
  })
}

function notOurs(): Error {
  return new Error('what answers there is no pgsteward, or one of another version')
}

function unreachable(address: string, cause: Error): StewardError {
  return new StewardError('server-unreachable', `no pgsteward answers at ${address}`, {
    detail: cause.message,
    hint: 'Is it running?',
    cause,
  })
}
