// Finds, reads and validates the configuration: flags over environment over file over defaults, each value with its origin.

import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { z } from 'zod'
import type { AnyCheck } from '../../model/check.ts'
import { StewardError } from '../../model/error.ts'
import { nearestName } from '../../model/nearest-name.ts'
import { type Config, type ConfigInput, configSchema } from './config-schema.ts'

export type Origin = 'flag' | 'environment' | 'file' | 'default'

export interface LoadedConfig {
  readonly config: Config
  /** Path of a value, such as `server.port`, to where it came from; values not listed are defaults. */
  readonly origins: ReadonlyMap<string, Origin>
  readonly file: string | null
}

export interface ConfigSources {
  readonly checks: readonly AnyCheck[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Explicit --config; a missing file is an error then. */
  readonly file?: string
  /** Values from the command line, nested as in the file. */
  readonly flags?: Readonly<Record<string, unknown>>
}

const FILE_NAMES = ['pgsteward.config.ts', 'pgsteward.config.js', 'pgsteward.config.mjs']

/** Environment variable to path in the configuration; the generated reference lists them. */
export const ENVIRONMENT: Readonly<Record<string, string>> = {
  PGSTEWARD_STORE_URL: 'store.url',
  PGSTEWARD_STORE_DIR: 'store.dir',
  PGSTEWARD_HOST: 'server.host',
  PGSTEWARD_PORT: 'server.port',
  PGSTEWARD_ADMIN_TOKEN: 'server.adminToken',
  PGSTEWARD_TOKEN: 'server.token',
  PGSTEWARD_INGEST_TOKEN: 'server.ingestToken',
}

/** Throws 'config-not-found' or 'config-invalid', naming every value that is wrong. */
export async function loadConfig(sources: ConfigSources): Promise<LoadedConfig> {
  const file = findFile(sources)
  const fromFile = file === null ? {} : await readFile(file)
  const origins = new Map<string, Origin>()
  const merged: Record<string, unknown> = {}
  mergeInto(merged, fromFile, 'file', origins)
  mergeInto(merged, fromEnvironment(sources.env), 'environment', origins)
  mergeInto(merged, sources.flags ?? {}, 'flag', origins)
  const parsed = configSchema(sources.checks).safeParse(merged)
  if (!parsed.success) throw invalid(file, parsed.error, sources.checks)
  return { config: parsed.data as Config, origins, file }
}

function findFile({ cwd, file }: ConfigSources): string | null {
  if (file !== undefined) {
    const path = resolve(cwd, file)
    if (!existsSync(path)) {
      throw new StewardError('config-not-found', `there is no configuration file ${path}`, {
        hint: `Leave out --config to use ${FILE_NAMES[0]} of the current folder, or none.`,
      })
    }
    return path
  }
  return FILE_NAMES.map((name) => resolve(cwd, name)).find((path) => existsSync(path)) ?? null
}

async function readFile(path: string): Promise<ConfigInput> {
  try {
    const loaded = (await import(pathToFileURL(path).href)) as { default?: ConfigInput }
    if (loaded.default === undefined || typeof loaded.default !== 'object') {
      throw new Error('it has no default export that is an object')
    }
    return loaded.default
  } catch (error) {
    throw new StewardError('config-invalid', `${path} could not be read`, {
      detail: error instanceof Error ? error.message : String(error),
      hint: 'It must be an ES module: export default { targets: [{ url: "postgres://..." }] }',
      cause: error,
    })
  }
}

function fromEnvironment(env: ConfigSources['env']): Record<string, unknown> {
  const values: Record<string, Record<string, unknown>> = {}
  for (const [variable, path] of Object.entries(ENVIRONMENT)) {
    const text = env[variable]
    if (text === undefined || text === '') continue
    const [section, name] = path.split('.') as [string, string]
    values[section] = {
      ...values[section],
      [name]: name === 'port' && /^\d+$/.test(text) ? Number(text) : text,
    }
  }
  return values
}

function mergeInto(
  base: Record<string, unknown>,
  over: object,
  origin: Origin,
  origins: Map<string, Origin>,
  prefix = '',
): void {
  for (const [name, value] of Object.entries(over)) {
    if (value === undefined) continue
    const path = prefix + name
    if (isPlainObject(value)) {
      const below = isPlainObject(base[name]) ? { ...base[name] } : {}
      mergeInto(below, value, origin, origins, `${path}.`)
      base[name] = below
    } else {
      base[name] = value
      origins.set(path, origin)
    }
  }
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function invalid(file: string | null, error: z.ZodError, checks: readonly AnyCheck[]): StewardError {
  const lines = error.issues.flatMap((issue) => describeIssue(issue, checks))
  return new StewardError(
    'config-invalid',
    `the configuration${file === null ? '' : ` in ${file}`} is not valid`,
    {
      detail: lines.join('\n'),
      hint: 'docs/reference/configuration.md lists every key; pgsteward config shows what was understood.',
    },
  )
}

function describeIssue(issue: z.core.$ZodIssue, checks: readonly AnyCheck[]): string[] {
  const path = issue.path.join('.')
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(issue.path.map(String), checks)
    return issue.keys.map((key) => {
      const nearest = nearestName(key, known)
      return `${path === '' ? '' : `${path}.`}${key} is not known${nearest === null ? '' : `; did you mean ${nearest}?`}`
    })
  }
  if (issue.code === 'invalid_union') {
    const inner = issue.errors.flat().filter((each) => each.code !== 'invalid_value')
    if (inner.length > 0)
      return inner.flatMap((each) => describeIssue({ ...each, path: [...issue.path, ...each.path] }, checks))
  }
  return [`${path}: ${issue.message}`]
}

function knownKeys(path: readonly string[], checks: readonly AnyCheck[]): readonly string[] {
  const shapeOf = (schema: unknown): Record<string, unknown> => {
    const { shape, def } = schema as {
      shape?: Record<string, unknown>
      def?: {
        innerType?: unknown
        element?: unknown
        valueType?: unknown
        in?: unknown
        options?: unknown[]
      }
    }
    if (shape !== undefined) return shape
    const inner = def?.innerType ?? def?.element ?? def?.valueType ?? def?.in ?? def?.options?.at(-1)
    return inner === undefined ? {} : shapeOf(inner)
  }
  let at: unknown = configSchema(checks)
  for (const step of path) if (!/^\d+$/.test(step)) at = shapeOf(at)[step] ?? at
  return Object.keys(shapeOf(at))
}
