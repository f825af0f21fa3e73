// What happened, as marks on the time axis of charts: of which kinds, in which words, and where each leads.

import type { AnnotationWire, PlanChangeWire } from 'pgsteward/wire'
import type { Route } from '../route.ts'

/** In the order of the key. Beside what the API annotates: changes of plan, and what a report or a load run has of its own. */
export const MARK_KINDS = [
  'alert',
  'outage',
  'blocking',
  'deployment',
  'schema',
  'index',
  'plan',
  'settings',
  'restart',
  'maintenance',
  'load',
  'phase',
] as const
export type MarkKind = (typeof MARK_KINDS)[number]

export const KIND_WORDS: Readonly<Record<MarkKind, string>> = {
  alert: 'Alert',
  outage: 'Outage',
  blocking: 'Blocking',
  deployment: 'Deployment',
  schema: 'Migration',
  index: 'Index',
  plan: 'Plan',
  settings: 'Setting',
  restart: 'Restart',
  maintenance: 'Maintenance',
  load: 'Load run',
  phase: 'Measured',
}

export interface ChartMark {
  /** Unique on the page. */
  readonly id: string
  readonly kind: MarkKind
  /** Of alerts alone: nothing else may have the strong colours. */
  readonly severity: 'critical' | 'warning' | null
  /** Seconds since the epoch. */
  readonly at: number
  /** Null: one moment. Infinity: it goes on. */
  readonly until: number | null
  readonly text: string
  /** Where more is told; null: nowhere. */
  readonly to: Route | null
}

const seconds = (at: string) => Date.parse(at) / 1000

export function annotationMarks(annotations: readonly AnnotationWire[]): readonly ChartMark[] {
  return annotations.map((annotation, place) => {
    const { kind, at, until, isOngoing, severity } = annotation
    return {
      id: `${kind}-${at}-${place}`,
      kind,
      severity,
      at: seconds(at),
      until: until === null ? (isOngoing ? Number.POSITIVE_INFINITY : null) : seconds(until),
      text: wordsOf(annotation),
      to: routeOf(annotation),
    }
  })
}

/** A finding's sentence says of what it is. */
function wordsOf({ kind, subject, detail }: AnnotationWire): string {
  return kind === 'alert' || subject === '' ? detail : `${subject}: ${detail}`
}

function routeOf({ kind, subject, ref }: AnnotationWire): Route | null {
  switch (kind) {
    case 'alert':
      return ref === null ? null : { page: 'finding', key: ref }
    case 'deployment':
      return { page: 'application', name: subject }
    case 'load':
      return ref === null ? null : { page: 'load-run', id: ref }
    case 'maintenance':
      return ref === null ? { page: 'maintenance' } : { page: 'job', id: ref }
    case 'index':
      return ref === null ? { page: 'indexes' } : { page: 'job', id: ref }
    case 'schema':
      return { page: 'tables' }
    default:
      return null
  }
}

export function planMarks(changes: readonly PlanChangeWire[], queryId: string): readonly ChartMark[] {
  return changes
    .filter((change) => change.queryId === queryId)
    .map(({ at, difference }, place) => ({
      id: `plan-${at}-${place}`,
      kind: 'plan',
      severity: null,
      at: seconds(at),
      until: null,
      text: `The plan changed: ${difference}`,
      to: { page: 'statement', queryId },
    }))
}

/** The builds of indexes are told as changes of the schema by reports, which are made of events alone. */
const isAlike = (one: MarkKind, other: MarkKind) =>
  one === other || (one === 'schema' && other === 'index') || (one === 'index' && other === 'schema')

/** Both, what is the same moment of the same kind once. */
export function withOwn(told: readonly ChartMark[], own: readonly ChartMark[]): readonly ChartMark[] {
  const isTold = ({ kind, at }: ChartMark) =>
    told.some((each) => isAlike(each.kind, kind) && Math.abs(each.at - at) < 1)
  return [...told, ...own.filter((mark) => !isTold(mark))]
}

/** How many there are of each kind, in the order of the key; kinds without any are left out. */
export function kindCounts(marks: readonly ChartMark[]): readonly (readonly [MarkKind, number])[] {
  return MARK_KINDS.flatMap((kind) => {
    const count = marks.filter((mark) => mark.kind === kind).length
    return count === 0 ? [] : [[kind, count] as const]
  })
}

/** What the address has switched off. */
export function hiddenKinds(params: URLSearchParams): ReadonlySet<MarkKind> {
  const named = params.get('hide')?.split(',') ?? []
  return new Set(MARK_KINDS.filter((kind) => named.includes(kind)))
}

/** The value of `hide` with one kind switched; null: nothing is hidden. */
export function toggledKind(hidden: ReadonlySet<MarkKind>, kind: MarkKind): string | null {
  const next = MARK_KINDS.filter((each) => hidden.has(each) !== (each === kind))
  return next.length === 0 ? null : next.join(',')
}
