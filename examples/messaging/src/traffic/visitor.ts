// A member of staff at a browser: signs in once, keeps the cookie, and remembers what the pages showed, to click on it.

import type { Random } from './random.ts'
import { pickInt } from './random.ts'

/** A row of a page, as far as the traffic reads it. */
export interface SeenRow {
  readonly id: string
  readonly [column: string]: unknown
}

export type PageName = 'members' | 'groups' | 'conversations' | 'broadcasts' | 'assessments' | 'evidence'

/** Methods that change something. */
export type Method = 'POST' | 'PUT' | 'PATCH' | 'DELETE'

export interface Visitor {
  readonly churchId: number
  readonly signIn: () => Promise<void>
  readonly signOut: () => Promise<void>
  readonly get: (path: string) => Promise<unknown>
  readonly send: (method: Method, path: string, body?: unknown) => Promise<unknown>
  readonly upload: (path: string, content: Uint8Array) => Promise<unknown>
  /** A webhook or another request without the session. */
  readonly asStranger: (
    path: string,
    body: string,
    headers: Readonly<Record<string, string>>,
  ) => Promise<unknown>
  /** Shows a page of a list, now and then the one after it. */
  readonly list: (page: PageName, random: Random, query?: string) => Promise<readonly SeenRow[]>
  /** One of the rows that the last pages showed; asks for the first page when there is none. Null: the list is empty. */
  readonly pick: (page: PageName, random: Random) => Promise<SeenRow | null>
}

const TIMEOUT_MS = 15_000
const NEXT_PAGE = 0.3
/** No failure of ours: a declined card, what somebody else removed, an opted-out member, a carrier that refuses. */
const EXPECTED = new Set([402, 404, 409, 502])

export interface VisitorOptions {
  readonly url: string
  readonly email: string
  readonly password: string
  readonly churchId: number
  readonly signal: AbortSignal
}

/** Its methods reject with the method, path and status of an unexpected answer. */
export function createVisitor({ url, email, password, churchId, signal }: VisitorOptions): Visitor {
  let cookie = ''
  let signingIn: Promise<void> | null = null
  const seen = new Map<PageName, readonly SeenRow[]>()

  const request = async (path: string, init: RequestInit): Promise<unknown> => {
    const response = await fetch(url + path, {
      ...init,
      headers: { 'user-agent': 'Mozilla/5.0 (traffic)', ...init.headers },
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    })
    const text = await response.text()
    const given = response.headers.getSetCookie().find((each) => each.startsWith('session='))
    if (given !== undefined) cookie = given.split(';')[0]!
    if (response.ok) return text === '' ? null : JSON.parse(text)
    if (EXPECTED.has(response.status)) return null
    if (response.status === 401) signingIn = null
    throw new Error(`${init.method ?? 'GET'} ${path} answered ${response.status} ${text.slice(0, 200)}`)
  }

  const json = (method: Method, path: string, body: unknown, headers: Readonly<Record<string, string>>) =>
    request(path, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })

  const signIn = async () => {
    await json('POST', '/api/sign-in', { email, password }, {})
  }
  const signedIn = (): Promise<void> => {
    signingIn ??= signIn().catch((error) => {
      signingIn = null
      throw error
    })
    return signingIn
  }
  const get = async (path: string) => {
    await signedIn()
    return request(path, { headers: { cookie } })
  }

  const list = async (page: PageName, random: Random, query = ''): Promise<readonly SeenRow[]> => {
    const first = rowsOf(await get(`/api/${page}?${query}`))
    const next =
      first.next !== null && random() < NEXT_PAGE
        ? rowsOf(await get(`/api/${page}?${query}&${page === 'members' ? 'after' : 'before'}=${first.next}`))
        : { rows: [] }
    const rows = [...first.rows, ...next.rows]
    seen.set(page, rows)
    return rows
  }

  return {
    churchId,
    signIn: () => {
      signingIn = null
      return signedIn()
    },
    signOut: async () => {
      await json('POST', '/api/sign-out', undefined, { cookie })
      signingIn = null
    },
    get,
    send: async (method, path, body) => {
      await signedIn()
      return json(method, path, body, { cookie })
    },
    upload: async (path, content) => {
      await signedIn()
      const headers = { cookie, 'content-type': 'application/pdf', 'x-file-name': 'evidence.pdf' }
      return request(path, { method: 'POST', headers, body: content as Uint8Array<ArrayBuffer> })
    },
    asStranger: (path, body, headers) => request(path, { method: 'POST', body, headers }),
    list,
    pick: async (page, random) => {
      const rows = seen.get(page) ?? (await list(page, random))
      return rows[pickInt(random, rows.length)] ?? null
    },
  }
}

function rowsOf(body: unknown): { readonly rows: readonly SeenRow[]; readonly next: string | null } {
  if (Array.isArray(body)) return { rows: body as SeenRow[], next: null }
  const { rows = [], next = null } = (body ?? {}) as { rows?: SeenRow[]; next?: string | null }
  return { rows, next }
}
