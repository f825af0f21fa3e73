// Where a read is answered from: the cache, the replica or the primary. Routes that only read, and for which a few seconds of lag do no
// harm, answer through it; everything else stays on the primary by not doing so.

import { parseCookie, stringifySetCookie } from 'cookie'
import type { RequestHandler, Response } from 'express'
import type { Cache } from './cache.ts'
import type { Database } from './database.ts'
import type { Replica } from './replica.ts'
import { staff } from './sessions.ts'

export type Source = Pick<Database, 'prisma' | 'pool'>

export interface Reads {
  /**
   * Answers with what `load` yields, as JSON. `cachedAs` names it among a church's reads; without it the cache is not asked. A
   * replica that fails, or that does not have a row yet, costs a second try on the primary.
   */
  readonly answer: (
    response: Response,
    load: (from: Source) => Promise<unknown>,
    cachedAs?: string,
  ) => Promise<void>
  /** Before all routes of a church: who writes reads from the primary for a while, and nobody reads what the cache had. */
  readonly noteWrites: RequestHandler
  readonly counts: () => { readonly replica: number; readonly primary: number }
}

export interface ReadsOptions {
  readonly primary: Source
  readonly replica: Replica | null
  /** Of the reads that the replica could answer, the share that it gets. */
  readonly replicaShare: number
  readonly cache: Cache
  readonly isProduction: boolean
}

/** How far behind a replica may be, and how long who wrote reads from the primary. */
export const MOST_LAG_MS = 5_000
const COOKIE = 'wrote'
const READING = new Set(['GET', 'HEAD'])

export function createReads({ primary, replica, replicaShare, cache, isProduction }: ReadsOptions): Reads {
  const counts = { replica: 0, primary: 0 }
  let turn = 0
  /** Evenly: of any hundred reads the share that was asked for. */
  const isReplicasTurn = () => {
    turn = (turn + replicaShare) % 1
    return turn < replicaShare
  }
  const fromPrimary = (load: (from: Source) => Promise<unknown>) => {
    counts.primary += 1
    return load(primary)
  }

  const loadFrom = async (
    response: Response,
    load: (from: Source) => Promise<unknown>,
    isRecent: boolean,
  ) => {
    if (replica === null || isRecent || !replica.isUsable() || hasWritten(response) || !isReplicasTurn())
      return fromPrimary(load)
    try {
      const value = await load(replica)
      counts.replica += 1
      return value
    } catch {
      // away, a conflict with recovery, or a row that has not arrived: the primary knows better in each case
      return fromPrimary(load)
    }
  }

  return {
    answer: async (response, load, cachedAs) => {
      if (cachedAs === undefined) return void response.json(await loadFrom(response, load, false))
      const { churchId } = staff(response)
      const json = await cache.read(churchId, cachedAs, (isRecent) => loadFrom(response, load, isRecent))
      response.type('json').send(json)
    },
    noteWrites: (request, response, next) => {
      if (READING.has(request.method)) return next()
      if (replica !== null) response.append('Set-Cookie', wroteCookie(isProduction))
      const { churchId } = staff(response)
      const end = response.end.bind(response) as (...rest: unknown[]) => Response
      // whatever the outcome: a request may fail after it wrote
      response.end = ((...rest: unknown[]) => {
        response.end = end as Response['end']
        void cache.forget(churchId).then(() => end(...rest))
        return response
      }) as Response['end']
      next()
    },
    counts: () => ({ ...counts }),
  }
}

function hasWritten(response: Response): boolean {
  return parseCookie(response.req.headers.cookie ?? '')[COOKIE] !== undefined
}

/** In the browser and not in a process, so that it holds whichever instance answers next. It is a hint and protects nothing. */
function wroteCookie(secure: boolean): string {
  return stringifySetCookie({
    name: COOKIE,
    value: '1',
    httpOnly: true,
    sameSite: 'lax',
    path: '/',
    maxAge: MOST_LAG_MS / 1000,
    secure,
  })
}
