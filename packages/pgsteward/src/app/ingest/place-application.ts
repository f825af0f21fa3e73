// Which target an application's report belongs to: as configured, else by the database that it names, else the only one there is.

import type { ApplicationEndpoint, ApplicationReport } from '../../model/application.ts'
import type { Config } from '../config/config-schema.ts'
import { targetId } from '../target-id.ts'

export type Placement = { readonly targetId: string } | { readonly because: string }

export type Placer = (report: Pick<ApplicationReport, 'source' | 'endpoint'>) => Placement

/** Logs and traces may name no database: what the process, or else the application, told before holds for them. */
const MAX_REMEMBERED = 2_000

export function placer({ targets, applications }: Pick<Config, 'targets' | 'applications'>): Placer {
  const known = targets.map((target) => ({ id: targetId(target), endpoint: endpointOfUrl(target.url) }))
  const configured = new Map(applications.map(({ service, target }) => [service, target]))
  const remembered = new Map<string, string>()
  const remember = (id: string, ...keys: readonly string[]) => {
    if (remembered.size > MAX_REMEMBERED) remembered.clear()
    for (const key of keys) remembered.set(key, id)
    return { targetId: id }
  }
  return ({ source: { application, instance }, endpoint }) => {
    const wanted = configured.get(application)
    if (wanted !== undefined) {
      if (known.some(({ id }) => id === wanted)) return { targetId: wanted }
      return { because: `applications in the configuration names target ${wanted}, which there is not` }
    }
    const ofProcess = JSON.stringify([application, instance])
    if (endpoint !== null) {
      const matches = matching(known, endpoint)
      if (matches.length === 1) return remember(matches[0]!.id, ofProcess, application)
      if (known.length > 1) return { because: whyNot(endpoint, matches.length) }
    }
    const before = remembered.get(ofProcess) ?? remembered.get(application)
    if (before !== undefined) return { targetId: before }
    if (known.length === 1) return { targetId: known[0]!.id }
    return {
      because:
        known.length === 0
          ? 'no target is configured'
          : `it has told of no database yet, and there are ${known.length} targets`,
    }
  }
}

interface KnownTarget {
  readonly id: string
  readonly endpoint: ApplicationEndpoint | null
}

/** The host often has another name from where the application runs (a container's, a pooler's): then the database's name decides. */
function matching(targets: readonly KnownTarget[], endpoint: ApplicationEndpoint): readonly KnownTarget[] {
  const same = targets.filter(
    (target) =>
      target.endpoint !== null &&
      hostOf(target.endpoint.host) === hostOf(endpoint.host) &&
      target.endpoint.port === endpoint.port &&
      target.endpoint.database === endpoint.database,
  )
  if (same.length > 0) return same
  return targets.filter((target) => target.endpoint?.database === endpoint.database)
}

function whyNot({ host, port, database }: ApplicationEndpoint, matches: number): string {
  const where = `${host}:${port}/${database}`
  return matches === 0
    ? `it uses ${where}, which is the database of no target`
    : `it uses ${where}, and ${matches} targets have a database ${database}`
}

function hostOf(host: string): string {
  const lower = host.toLowerCase().replace(/^\[|\]$/g, '')
  return lower === 'localhost' || lower === '::1' || lower.startsWith('127.') ? 'localhost' : lower
}

function endpointOfUrl(url: string): ApplicationEndpoint | null {
  try {
    const { hostname, port, pathname } = new URL(url)
    return {
      host: hostname,
      port: port === '' ? 5432 : Number(port),
      database: decodeURIComponent(pathname.slice(1)),
    }
  } catch {
    return null
  }
}
