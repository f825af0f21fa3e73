// Which line called Prisma for the statement that is being sent. The plugin that sees the statement isn't told the call, and a
// context per operation would cost 64 microseconds on Node 20, so a request remembers its running operations by model and action.
// Where two lines run the same action on the same model at the same time, the answer is none rather than a wrong one.

import type { CallSite } from '../record/drained.ts'
import type { RequestContext } from '../record/request-context.ts'
import { sourcePath } from './call-site.ts'

export interface PrismaCallSite {
  readonly getLocation: () => {
    readonly fileName: string
    readonly lineNumber: number | null
    readonly columnNumber: number | null
  } | null
}

interface Running {
  /** Those that overlap, at most MAX_OVERLAPPING; one after the other it is one. */
  readonly sites: PrismaCallSite[]
  count: number
}

const MAX_OVERLAPPING = 16
/** Of model and action at once in one request; beyond it, no call site. */
const MAX_KINDS = 200

export class PrismaCallSites {
  readonly #running = new Map<string, Running>()

  /** Returns what to call at its end. */
  begin(model: string | null, action: string, site: PrismaCallSite): () => void {
    const key = keyOf(model, action)
    let running = this.#running.get(key)
    if (running === undefined) {
      if (this.#running.size >= MAX_KINDS) return () => {}
      running = { sites: [], count: 0 }
      this.#running.set(key, running)
    }
    const own = running
    own.count++
    if (own.sites.length < MAX_OVERLAPPING) own.sites.push(site)
    return () => {
      if (--own.count === 0) this.#running.delete(key)
    }
  }

  /** Null: none is running. The function parses stacks. */
  find(model: string | null, action: string): (() => CallSite | null) | null {
    const running = this.#running.get(keyOf(model, action))
    return running === undefined ? null : () => theOneOf(running.sites)
  }
}

const outside = new PrismaCallSites()
const byRequest = new WeakMap<RequestContext, PrismaCallSites>()

export function callSitesOf(request: RequestContext | null): PrismaCallSites {
  if (request === null) return outside
  let sites = byRequest.get(request)
  if (sites === undefined) {
    sites = new PrismaCallSites()
    byRequest.set(request, sites)
  }
  return sites
}

function keyOf(model: string | null, action: string): string {
  return model === null ? action : `${model}.${action}`
}

function theOneOf(sites: readonly PrismaCallSite[]): CallSite | null {
  let one: CallSite | null = null
  for (const site of sites) {
    const location = site.getLocation()
    if (location === null) return null
    const { fileName, lineNumber } = location
    // a raw query is called when it is awaited, and then no frame of the application is left
    if (fileName.startsWith('node:')) return null
    const file = sourcePath(fileName)
    if (one !== null && (one.file !== file || one.line !== lineNumber)) return null
    one = { file, line: lineNumber ?? 0, function: null }
  }
  return one
}
