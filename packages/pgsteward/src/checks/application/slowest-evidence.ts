// What was slow most, for rates of slow statements: who looks at three in the morning needs a statement and a place, not a number.

import type { SlowQueryRate } from '../../facts/slow-query-rates.ts'
import type { Evidence } from '../../model/finding.ts'
import { queryExcerpt } from '../query/query-excerpt.ts'
import { count, milliseconds, statementName, text } from './place.ts'

const MOST_NAMED = 3

export function slowestEvidence(rates: SlowQueryRate): readonly Evidence[] {
  const [heaviest] = rates.groups
  return [
    ...milliseconds('within', rates.windowMs),
    ...count('slow statements', rates.slow),
    ...count('of them critical', rates.critical),
    ...milliseconds('slowest', rates.groups.reduce((most, { maxMs }) => Math.max(most, maxMs), 0) || null),
    ...rates.groups
      .slice(0, MOST_NAMED)
      .flatMap((group) => text('mostly', `${group.count} × ${nameOf(group)}`)),
    ...text('heaviest statement', heaviest === undefined ? null : queryExcerpt(heaviest.text)),
    ...text('application', heaviest?.application ?? null),
    ...text('sent at', heaviest?.caller ?? null),
  ]
}

/** `GET /parcels: Parcel.findMany`; what the database alone told of has neither. */
function nameOf(group: SlowQueryRate['groups'][number]): string {
  const name = statementName(group, queryExcerpt(group.text))
  return group.route === null ? name : `${group.route}: ${name}`
}
