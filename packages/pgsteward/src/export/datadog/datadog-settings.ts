// What differs between installations: whose services, who is told, where pages lie.

import type { Feature, Owner } from '../definitions.ts'

export interface DatadogSettings {
  /** service.name; none: all that report. */
  readonly services: readonly string[]
  readonly routes: Readonly<Record<Feature, readonly string[]>>
  /** Handles such as `@slack-devops-alerts`. */
  readonly notify: Readonly<Partial<Record<Owner, readonly string[]>>>
  /** Address of the checks' pages; null: no links. */
  readonly runbooks: string | null
  /** 0: an alert that stands is told once. */
  readonly renotifyMinutes: number
}
