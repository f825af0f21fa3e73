// New versions of the applications that report: while a deployment rolls, processes of both versions do.

import type { TargetEvent } from '../../model/plan.ts'
import type { Milliseconds } from '../../model/units.ts'

export interface ReportedVersion {
  readonly application: string
  /** service.version; null: it does not say. */
  readonly version: string | null
}

/** A version that is back after so long was deployed again. */
const AWAY_MS: Milliseconds = 15 * 60_000

export class Deployments {
  /** By application: versions and when each was last reported. */
  readonly #seen = new Map<string, Map<string, Date>>()
  readonly #current = new Map<string, string>()

  /** What was reported when watching began is no deployment. */
  notice(reported: readonly ReportedVersion[], at: Date): readonly TargetEvent[] {
    return reported.flatMap(({ application, version }): readonly TargetEvent[] => {
      if (version === null || version === '') return []
      const versions = this.#seen.get(application) ?? new Map<string, Date>()
      this.#seen.set(application, versions)
      const last = versions.get(version)
      const before = this.#current.get(application)
      versions.set(version, at)
      if (before === undefined) this.#current.set(application, version)
      if (before === undefined || before === version) return []
      if (last !== undefined && at.getTime() - last.getTime() < AWAY_MS) return []
      this.#current.set(application, version)
      return [{ at, kind: 'deployment', subject: application, detail: `version ${before} to ${version}` }]
    })
  }
}
