// Options with defaults and the environment; the only file that reads the environment. Never throws: what is wrong is said in
// `problems` and the default stands in its place, since a monitoring option must not keep an application from starting.

import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { InstrumentOptions, ResolvedOptions } from './options.ts'

export interface Resolved {
  readonly options: ResolvedOptions
  readonly problems: readonly string[]
}

type Env = Readonly<Record<string, string | undefined>>

export function resolveOptions(
  given: InstrumentOptions = {},
  env: Env = process.env,
  folder: string = process.cwd(),
): Resolved {
  const problems: string[] = []
  const resource = resourceAttributes(env.OTEL_RESOURCE_ATTRIBUTES)

  const number = (name: keyof InstrumentOptions, fallback: number, min: number, max: number): number => {
    const value: unknown = given[name]
    if (value === undefined) return fallback
    if (typeof value === 'number' && value >= min && value <= max) return value
    problems.push(`${name} is ${show(value)}, but takes a number from ${min} to ${max}; ${fallback} is used`)
    return fallback
  }
  const text = (name: keyof InstrumentOptions, ...otherwise: readonly (string | undefined)[]): string => {
    const value: unknown = given[name]
    if (value !== undefined && typeof value !== 'string')
      problems.push(`${name} is ${show(value)}, but takes a text`)
    else if (value !== undefined && value !== '') return value
    return otherwise.find((one) => one !== undefined && one !== '') ?? ''
  }
  const flag = (name: keyof InstrumentOptions, fallback: boolean): boolean => {
    const value: unknown = given[name]
    if (value === undefined || typeof value === 'boolean') return value ?? fallback
    problems.push(`${name} is ${show(value)}, but takes true or false; ${fallback} is used`)
    return fallback
  }

  const slowQueryMs = number('slowQueryMs', 500, 0, 3_600_000)
  const options: ResolvedOptions = {
    service: text('service', env.OTEL_SERVICE_NAME, resource['service.name'], packageName(folder), 'node'),
    version: text('version', resource['service.version']),
    environment: text(
      'environment',
      resource['deployment.environment.name'],
      resource['deployment.environment'],
    ),
    instance: resource['service.instance.id'] ?? `${hostname()}:${process.pid}`,
    endpoint: endpointOf(text('endpoint', env.PGSTEWARD_URL), problems),
    token: text('token', env.PGSTEWARD_TOKEN) || null,
    exportEveryMs: number('exportEveryMs', 15_000, 10, 3_600_000),
    slowQueryMs,
    verySlowQueryMs: Math.max(slowQueryMs, number('verySlowQueryMs', 2000, 0, 3_600_000)),
    maxStatements: number('maxStatements', 1000, 10, 100_000),
    parameters: flag('parameters', true),
    caller: callerOf(given.caller, problems),
    repeatsFrom: number('repeatsFrom', 10, 2, 1_000_000),
    comments: flag('comments', false),
    redact: redactOf(given.redact, problems),
  }
  return { options, problems }
}

/** Nothing configured is no problem: then nothing is sent. */
function endpointOf(value: string, problems: string[]): string | null {
  if (value === '') return null
  const because = URL.canParse(value)
    ? ['http:', 'https:'].includes(new URL(value).protocol)
      ? null
      : 'is neither http nor https'
    : 'is not a URL'
  if (because === null) return value
  // the value itself is not repeated: it may hold a password
  problems.push(`endpoint (PGSTEWARD_URL) ${because}, such as http://127.0.0.1:7432; nothing is sent`)
  return null
}

function callerOf(value: unknown, problems: string[]): ResolvedOptions['caller'] {
  if (value === 'sampled' || value === 'always' || value === 'off') return value
  if (value !== undefined)
    problems.push(`caller is ${show(value)}, but takes 'sampled', 'always' or 'off'; 'sampled' is used`)
  return 'sampled'
}

function redactOf(value: unknown, problems: string[]): ResolvedOptions['redact'] {
  if (value === undefined) return []
  const isName = (one: unknown): one is string | RegExp => typeof one === 'string' || one instanceof RegExp
  if (Array.isArray(value) && value.every(isName)) return value
  problems.push('redact takes a list of names and regular expressions; what fits of it is used')
  return Array.isArray(value) ? value.filter(isName) : []
}

/** `key=value,key=value`, percent-encoded, as OpenTelemetry says; what can't be read is left out. */
function resourceAttributes(value: string | undefined): Readonly<Record<string, string | undefined>> {
  const pairs = (value ?? '').split(',').flatMap((pair) => {
    const at = pair.indexOf('=')
    if (at < 1) return []
    try {
      return [[pair.slice(0, at).trim(), decodeURIComponent(pair.slice(at + 1).trim())]]
    } catch {
      return []
    }
  })
  return Object.fromEntries(pairs)
}

function packageName(folder: string): string | undefined {
  try {
    const { name } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    return typeof name === 'string' ? name : undefined
  } catch {
    return undefined
  }
}

function show(value: unknown): string {
  return typeof value === 'string' ? `'${value.slice(0, 40)}'` : String(value).slice(0, 40)
}

export function isProduction(env: Env = process.env): boolean {
  return env.NODE_ENV === 'production'
}
