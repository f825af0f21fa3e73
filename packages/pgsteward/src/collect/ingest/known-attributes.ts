// What attributes say, by the names of our package, of OpenTelemetry's stable conventions, and of those before them.

import { ATTRIBUTE } from '@pgsteward/instrument/names'
import type { ApplicationEndpoint, ApplicationSource } from '../../model/application.ts'
import { fingerprintOf, summaryOf } from '../../sql/fingerprint.ts'
import type { Attributes } from './decoded.ts'
import { RecentMap } from './recent-map.ts'

/** The first that is there, as text. */
export function textAt(attributes: Attributes, ...names: readonly string[]): string | null {
  for (const name of names) {
    const value = attributes[name]
    if (value !== undefined && value !== '') return String(value)
  }
  return null
}

export function numberAt(attributes: Attributes, ...names: readonly string[]): number | null {
  for (const name of names) {
    const value = Number(attributes[name] ?? Number.NaN)
    if (Number.isFinite(value)) return value
  }
  return null
}

export function sourceOf(resource: Attributes): ApplicationSource {
  const instance =
    textAt(resource, ATTRIBUTE.serviceInstance) ??
    [textAt(resource, 'host.name', 'k8s.pod.name', 'container.id'), textAt(resource, 'process.pid')]
      .filter((each) => each !== null)
      .join(':')
  return {
    application: (textAt(resource, ATTRIBUTE.serviceName) ?? 'unknown_service').slice(0, 200),
    instance: (instance === '' ? 'unknown' : instance).slice(0, 200),
    version: textAt(resource, ATTRIBUTE.serviceVersion)?.slice(0, 100) ?? null,
    environment: textAt(resource, ATTRIBUTE.environment, 'deployment.environment')?.slice(0, 100) ?? null,
    sdk: (textAt(resource, ATTRIBUTE.sdkName) ?? 'unknown').slice(0, 100),
  }
}

/** Statements to other databases are not ours to speak of. */
export function isPostgres(attributes: Attributes): boolean {
  const system = textAt(attributes, ATTRIBUTE.system, 'db.system')
  return system !== null && /^postgres/i.test(system)
}

export function endpointOf(attributes: Attributes): ApplicationEndpoint | null {
  const host = textAt(attributes, ATTRIBUTE.serverAddress, 'net.peer.name', 'net.sock.peer.addr')
  const database = textAt(attributes, ATTRIBUTE.database, 'db.name')
  if (host === null || database === null) return null
  return {
    host: host.slice(0, 255),
    port: numberAt(attributes, ATTRIBUTE.serverPort, 'net.peer.port') ?? 5432,
    // the conventions let it be database and schema
    database: database.split('|')[0]!.slice(0, 63),
  }
}

/** `src/routes/members.ts:41` */
export function callerOf(attributes: Attributes): string | null {
  const file = textAt(attributes, ATTRIBUTE.file, 'code.filepath')
  if (file === null) return null
  const line = textAt(attributes, ATTRIBUTE.line, 'code.lineno')
  return line === null ? file : `${file}:${line}`
}

export interface Statement {
  readonly name: string
  readonly fingerprint: string | null
  readonly text: string | null
}

/** An application sends the same texts again and again; what is found out of one is a tenth of a millisecond's work. */
const described = new RecentMap<{ readonly name: string; readonly fingerprint: string }>(2_000)

function describe(text: string): { readonly name: string; readonly fingerprint: string } {
  const known = described.get(text)
  if (known !== undefined) return known
  const found = { name: summaryOf(text).summary, fingerprint: fingerprintOf(text) }
  described.set(text, found)
  return found
}

/** The sender's fingerprint is of the whole text, ours of what arrived: it may have been cut. */
export function statementOf(attributes: Attributes, fallbackText: string | null = null): Statement {
  const text = textAt(attributes, ATTRIBUTE.queryText, 'db.statement') ?? fallbackText
  const told = textAt(attributes, ATTRIBUTE.fingerprint)
  const sent = told !== null && /^[0-9a-f]{16}$/.test(told) ? told : null
  if (text !== null) {
    const { name, fingerprint } = describe(text)
    return { name, fingerprint: sent ?? fingerprint, text }
  }
  const words = [
    textAt(attributes, ATTRIBUTE.operation, 'db.operation'),
    textAt(attributes, ATTRIBUTE.collection, 'db.sql.table'),
  ].filter((each) => each !== null)
  const name =
    textAt(attributes, ATTRIBUTE.querySummary) ?? (words.length === 0 ? 'UNKNOWN' : words.join(' '))
  return { name, fingerprint: sent, text: null }
}

/** `GET /members/:id` */
export function requestName(attributes: Attributes, spanName: string | null = null): string {
  const method = textAt(attributes, ATTRIBUTE.method, 'http.method') ?? 'HTTP'
  // some frameworks' instrumentation says the route in the span's name alone
  const route = textAt(attributes, ATTRIBUTE.route) ?? /^[A-Z]+ (\/\S*)$/.exec(spanName ?? '')?.[1]
  return `${method} ${route ?? UNMATCHED}`
}

/** No route matched: a path would be a name for every visitor. */
export const UNMATCHED = '(unmatched)'

export function statusOf(attributes: Attributes): number {
  return numberAt(attributes, ATTRIBUTE.statusCode, 'http.status_code') ?? 0
}

/** `POST api.carrier.example:443` */
export function callName(attributes: Attributes): string {
  const method = textAt(attributes, ATTRIBUTE.method, 'http.method') ?? 'HTTP'
  const host = textAt(attributes, ATTRIBUTE.serverAddress, 'net.peer.name', 'http.host') ?? 'unknown'
  const port = numberAt(attributes, ATTRIBUTE.serverPort, 'net.peer.port')
  return `${method} ${host.includes(':') || port === null ? host : `${host}:${port}`}`
}
