// What charts over time carry as marks: what happened to a target, whatever told of it.

import type { Window } from './units.ts'

export const ANNOTATION_KINDS = [
  'alert',
  'deployment',
  'schema',
  'index',
  'settings',
  'restart',
  'maintenance',
  'load',
] as const
export type AnnotationKind = (typeof ANNOTATION_KINDS)[number]

export interface Annotation {
  readonly kind: AnnotationKind
  readonly at: Date
  /** Null: it was one moment, or it goes on. */
  readonly until: Date | null
  /** It had not ended when it was read. */
  readonly isOngoing: boolean
  /** Of alerts alone: the worst of this life. */
  readonly severity: 'critical' | 'warning' | null
  /** An application, `schema.table`, a setting, a check; empty: the server. */
  readonly subject: string
  readonly detail: string
  /** Where more is told: a finding's key, a maintenance job's number, a load run's id. Null: nowhere. */
  readonly ref: string | null
}

export interface Annotations {
  /** Alerts first, the critical before the warnings, then all else; of each the latest first. */
  readonly annotations: readonly Annotation[]
  /** How many more there are; those that come first stay. */
  readonly leftOut: number
}

export interface AnnotationMemory {
  /** All that touches the window: also what began before it and had not ended. 300 at most. */
  annotations(targetId: string, window: Window): Promise<Annotations>
}
