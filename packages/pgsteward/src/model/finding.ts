// A finding: one conclusion about one subject, with a stable key, evidence and perhaps a remedy.

import type { Unit } from './units.ts'

export const SEVERITIES = ['info', 'warning', 'critical'] as const
export type Severity = (typeof SEVERITIES)[number]

export const AREAS = [
  'index',
  'vacuum',
  'partition',
  'query',
  'capacity',
  'configuration',
  'availability',
  'regression',
] as const
export type Area = (typeof AREAS)[number]

export type Subject =
  | {
      readonly kind: 'table' | 'index' | 'sequence'
      readonly database: string
      readonly schema: string
      readonly name: string
    }
  | { readonly kind: 'query'; readonly database: string; readonly queryId: string }
  | {
      readonly kind:
        | 'setting'
        | 'slot'
        | 'database'
        | 'role'
        | 'replica'
        | 'extension'
        | 'application'
        | 'probe'
        /** A rule of the configuration: what it watches, of no application. */
        | 'series'
      readonly name: string
    }
  /** Of an application: a route, a feature (several routes), a pool, another service that it calls, a named metric, or a statement as one place sends it. */
  | {
      readonly kind: 'route' | 'feature' | 'pool' | 'service' | 'metric' | 'call-site'
      readonly application: string
      readonly name: string
    }
  /** One client session, by pid and start, since pids are reused. */
  | { readonly kind: 'backend'; readonly name: string }
  | { readonly kind: 'server' }

/** Evidence repeats the number compared against, so that a reader can argue with the check. */
export interface Evidence {
  readonly label: string
  readonly value: number | string
  readonly unit?: Unit
}

export const LOCKS = [
  'none',
  'share update exclusive',
  'share',
  'share row exclusive',
  'access exclusive',
] as const
export type Lock = (typeof LOCKS)[number]

export interface Remedy {
  /** Statements to run one by one, each outside a transaction unless it says otherwise. */
  readonly sql: readonly string[]
  /** What takes the remedy back; null: it can't be taken back (the caution says why). */
  readonly undo: readonly string[] | null
  /** The strongest lock that the statements take on a table (PostgreSQL's manual, Explicit Locking). */
  readonly lock: Lock
  readonly caution: string
}

export interface Finding {
  readonly subject: Subject
  readonly severity: Severity
  /** One sentence in the reader's words; numbers belong into the evidence. */
  readonly summary: string
  readonly evidence: readonly Evidence[]
  readonly remedy?: Remedy
  /**
   * Hysteresis: the value lies between where the check opens a finding and where it lets go of it. Keeps one that is known, at the
   * severity it has, and opens none.
   */
  readonly sustains?: true
}

/** Stable text form of a subject; the finding's key is the check's id and this. */
export function subjectKey(subject: Subject): string {
  switch (subject.kind) {
    case 'table':
    case 'index':
    case 'sequence':
      return `${subject.kind}/${subject.database}/${subject.schema}/${subject.name}`
    case 'query':
      return `query/${subject.database}/${subject.queryId}`
    case 'route':
    case 'feature':
    case 'pool':
    case 'service':
    case 'metric':
    case 'call-site':
      return `${subject.kind}/${subject.application}/${subject.name}`
    case 'server':
      return 'server'
    default:
      return `${subject.kind}/${subject.name}`
  }
}

/** Stable over runs and processes; unique within a target. */
export function findingKey(checkId: string, subject: Subject): string {
  return `${checkId}:${subjectKey(subject)}`
}

/** A subject as a person would say it: `public.orders`, `query 123…`. */
export function subjectLabel(subject: Subject): string {
  switch (subject.kind) {
    case 'table':
    case 'index':
    case 'sequence':
      return subject.schema === 'public' ? subject.name : `${subject.schema}.${subject.name}`
    case 'query':
      return `query ${subject.queryId}`
    case 'server':
      return 'server'
    default:
      return subject.name
  }
}

export function atLeast(severity: Severity, limit: Severity): boolean {
  return SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(limit)
}
