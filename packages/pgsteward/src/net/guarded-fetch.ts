// fetch for configured addresses: forbidden ones are never connected to, and no redirect is followed, since it may lead anywhere.

import { Agent, fetch, type RequestInit, type Response } from 'undici'
import { guardedLookup, refuseForbiddenHost } from './guarded-lookup.ts'

/** Connections are kept for a few seconds after an answer; one pool for each list of exceptions, of which a process has one. */
const agents = new Map<string, Agent>()

function agentOf(allow: readonly string[]): Agent {
  const key = allow.join(' ')
  let agent = agents.get(key)
  if (agent === undefined) {
    agent = new Agent({ connect: { lookup: guardedLookup(allow) } })
    agents.set(key, agent)
  }
  return agent
}

/** `allow`: addresses and networks that are asked although they are forbidden. Rejects with ForbiddenAddress, or as fetch does. */
export async function guardedFetch(
  url: string,
  init: Omit<RequestInit, 'dispatcher' | 'redirect'>,
  allow: readonly string[] = [],
): Promise<Response> {
  refuseForbiddenHost(url, allow)
  return fetch(url, { ...init, redirect: 'manual', dispatcher: agentOf(allow) })
}
