// Opsgenie's Alert API as its documentation has it: the key, the fields, their lengths, and nothing unknown. Keeps alerts by alias.

import { z } from 'zod'
import type { Answer, Received } from './receiver.ts'

const create = z.strictObject({
  message: z.string().min(1).max(130),
  alias: z.string().max(512).optional(),
  description: z.string().max(15_000).optional(),
  priority: z.enum(['P1', 'P2', 'P3', 'P4', 'P5']).optional(),
  source: z.string().max(100).optional(),
  entity: z.string().max(512).optional(),
  tags: z.array(z.string().max(50)).max(20).optional(),
  details: z.record(z.string(), z.string()).optional(),
  note: z.string().max(25_000).optional(),
  user: z.string().max(100).optional(),
})
const act = z.strictObject({
  user: z.string().max(100).optional(),
  source: z.string().max(100).optional(),
  note: z.string().max(25_000).optional(),
})

export interface OpsgenieAlert {
  state: 'open' | 'acknowledged' | 'closed'
  notes: number
}

export function strictOpsgenie(key: string, alerts: Map<string, OpsgenieAlert> = new Map()) {
  const accepted: Answer = {
    status: 202,
    body: JSON.stringify({ result: 'Request will be processed', took: 0.1, requestId: 'r-1' }),
  }
  return ({ method, path, headers, body }: Received): Answer => {
    if (headers.authorization !== `GenieKey ${key}`) return { status: 401, body: 'Could not authenticate' }
    const url = new URL(path, 'http://localhost')
    const [, alias, action] = /^\/v2\/alerts\/([^/]+)\/(acknowledge|close|notes)$/.exec(url.pathname) ?? []
    const isAction = alias !== undefined && url.searchParams.get('identifierType') === 'alias'
    if (method !== 'POST' || (url.pathname !== '/v2/alerts' && !isAction))
      return { status: 404, body: 'no route' }
    const parsed = (isAction ? act : create).safeParse(JSON.parse(body))
    if (!parsed.success) return { status: 422, body: z.prettifyError(parsed.error) }
    if (!isAction) {
      const made = (parsed.data as z.output<typeof create>).alias ?? 'made'
      const before = alerts.get(made)
      if (before === undefined || before.state === 'closed') alerts.set(made, { state: 'open', notes: 0 })
      return accepted
    }
    const alert = alerts.get(decodeURIComponent(alias))
    if (alert !== undefined) {
      if (action === 'notes') alert.notes += 1
      else alert.state = action === 'close' ? 'closed' : 'acknowledged'
    }
    return accepted
  }
}
