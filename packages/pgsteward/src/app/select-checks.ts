// Which checks run, with which options: the catalogue, less those switched off in the configuration.

import type { AnyCheck } from '../model/check.ts'
import { StewardError } from '../model/error.ts'
import { nearestName } from '../model/nearest-name.ts'
import type { Config } from './config/config-schema.ts'

export interface SelectedChecks {
  readonly checks: readonly AnyCheck[]
  /** Parsed options by check id. */
  readonly options: ReadonlyMap<string, unknown>
}

/** `only` holds check ids or areas; an unknown one is a usage error that names the nearest. */
export function selectChecks(
  all: readonly AnyCheck[],
  config: Pick<Config, 'checks'>,
  only: readonly string[] = [],
): SelectedChecks {
  const names = new Set(all.flatMap((check) => [check.id, check.area]))
  for (const name of only) {
    if (names.has(name)) continue
    const nearest = nearestName(name, [...names])
    throw new StewardError('usage', `there is no check or area "${name}"`, {
      hint: nearest === null ? 'pgsteward checks lists them.' : `Did you mean ${nearest}?`,
    })
  }
  const checks = all.filter(
    (check) =>
      config.checks[check.id] !== false &&
      (only.length === 0 || only.includes(check.id) || only.includes(check.area)),
  )
  return {
    checks,
    options: new Map(checks.map((check) => [check.id, config.checks[check.id] ?? check.options.parse({})])),
  }
}
