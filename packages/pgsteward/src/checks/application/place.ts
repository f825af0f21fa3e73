// How findings about applications name what they are about: by route, model and action, which stay over deployments; file and line,
// which move with every edit, are told but never part of a finding's identity.

import type { ApplicationReading } from '../../facts/application-reading.ts'
import type { Skip } from '../../model/check.ts'
import type { Evidence } from '../../model/finding.ts'
import { queryExcerpt } from '../query/query-excerpt.ts'

export interface Place {
  readonly route: string | null
  readonly model: string | null
  readonly action: string | null
  readonly caller: string | null
}

/** No report in a month is no evidence: it resolves nothing. Applications that are gone leave no rows, and that is quiet. */
export function skipWithoutReports({ isReporting }: ApplicationReading<unknown>): Skip | null {
  return isReporting
    ? null
    : { skip: 'no application reports: add @pgsteward/instrument or point an OpenTelemetry SDK here' }
}

/** `Parcel.findMany`, or the statement's summary (`SELECT parcel`) where no ORM names it. */
export function statementName({ model, action }: Place, summary: string): string {
  return model === null ? summary : `${model}.${action ?? 'query'}`
}

/** `GET /parcels`, or where no request is known. */
export function routeName(route: string | null): string {
  return route ?? 'outside of requests'
}

/** As the subject of a sentence. */
export function whoSends(route: string | null): string {
  return route ?? 'Work outside of requests'
}

/** Where most of it happens, as the end of a sentence. */
export function mostIn(route: string | null): string {
  return route === null ? 'most outside of requests' : `most in ${route}`
}

/** A call site's name: `GET /parcels: Parcel.findMany`. */
export function siteName(place: Place, summary: string): string {
  return `${routeName(place.route)}: ${statementName(place, summary)}`
}

/** `, at src/parcels.ts:12`, or nothing where the place is not known. */
export function atPlace(caller: string | null): string {
  return caller === null ? '' : `, at ${caller}`
}

/** Who sends the statement, from where, and which entries of pg_stat_statements it stands for. */
export function placeEvidence(
  application: string | null,
  place: Place,
  statement: { readonly text?: string; readonly summary: string; readonly queryIds: readonly string[] },
): readonly Evidence[] {
  return [
    text('application', application),
    text('route', place.route),
    text('model and action', place.model === null ? null : statementName(place, '')),
    text('sent at', place.caller),
    text('statement', statement.text === undefined ? statement.summary : queryExcerpt(statement.text)),
    text('query id', statement.queryIds.join(', ')),
  ].flat()
}

/** Nothing where the value is not known. */
export function text(label: string, value: string | null): readonly Evidence[] {
  return value === null || value === '' ? [] : [{ label, value, unit: 'text' }]
}

export function milliseconds(label: string, value: number | null): readonly Evidence[] {
  return value === null ? [] : [{ label, value, unit: 'ms' }]
}

export function ratio(label: string, value: number | null): readonly Evidence[] {
  return value === null ? [] : [{ label, value, unit: 'ratio' }]
}

export function count(label: string, value: number | null): readonly Evidence[] {
  return value === null ? [] : [{ label, value, unit: 'count' }]
}

/** Rows by key, the one that matters most first within each. */
export function worstFirst<Row>(
  rows: readonly Row[],
  key: (row: Row) => string,
  weight: (row: Row) => number,
): readonly (readonly [worst: Row, all: readonly Row[]])[] {
  return [...Map.groupBy(rows, key).values()].map((group) => {
    const sorted = group.toSorted((a, b) => weight(b) - weight(a))
    return [sorted[0]!, sorted] as const
  })
}

/** A key of several parts that can't collide. */
export function keyOf(...parts: readonly (string | null)[]): string {
  return JSON.stringify(parts)
}
