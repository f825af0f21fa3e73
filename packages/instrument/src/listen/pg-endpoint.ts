// Which database a client of node-postgres is connected to.

import type { Endpoint } from '../record/drained.ts'

/** A pg.Client, as far as it is looked at. */
export interface PgClient {
  readonly host?: string
  readonly port?: number
  readonly database?: string
  /** False while a query of this client is under way, or before it is connected. */
  readonly readyForQuery?: boolean
}

const ENDPOINT = Symbol('pgsteward endpoint')
/** One object an endpoint, so that statistics are told apart by identity. */
const endpoints = new Map<string, Endpoint>()
const MAX_ENDPOINTS = 1000
const OTHER: Endpoint = { host: '(other)', port: 0, database: '(other)' }

export function endpointOfClient(client: PgClient & { [ENDPOINT]?: Endpoint }): Endpoint {
  const known = client[ENDPOINT]
  if (known !== undefined) return known
  const endpoint = endpointOf(client.host ?? '', client.port ?? 0, client.database ?? '')
  Object.defineProperty(client, ENDPOINT, { value: endpoint })
  return endpoint
}

/** For recipes, which know host, port and database from their configuration. */
export function endpointOf(host: string, port: number, database: string): Endpoint {
  const key = `${host}:${port}/${database}`
  const known = endpoints.get(key)
  if (known !== undefined) return known
  if (endpoints.size >= MAX_ENDPOINTS) return OTHER
  const endpoint = { host, port, database }
  endpoints.set(key, endpoint)
  return endpoint
}
