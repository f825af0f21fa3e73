// Named counts of the last full hour by the median of the same hour of the weeks before, as the values of a rule.

import { LEAST_WEEKS, type WeeklyReading } from '../../facts/weekly-baseline.ts'
import type { Skip } from '../../model/check.ts'
import { isLike } from '../../model/is-like.ts'
import { median } from '../../stats/order-statistics.ts'
import { count, text } from '../application/place.ts'
import type { ThresholdRow } from '../threshold.ts'
import type { RuleSpec } from './rule-spec.ts'
import { ruleSubject } from './rule-subject.ts'

export function countBaselineRows(rule: RuleSpec, weekly: WeeklyReading): readonly ThresholdRow[] | Skip {
  const wanted = weekly.rows.filter(
    ({ application, name }) =>
      isLike(name, rule.name ?? '*') && isLike(application, rule.where.application ?? '*'),
  )
  const rows = wanted.flatMap(({ application, name, latest, before }) => {
    const known = before.filter((week) => week !== null)
    const usual = median(known)
    if (latest === null || known.length < LEAST_WEEKS || !(usual > 0)) return []
    return {
      subject: ruleSubject({ ...rule, name }, new Map([['application', application]])),
      value: latest / usual,
      // of tiny counts a share says nothing
      volume: usual,
      summary: rule.title,
      evidence: [
        ...count('in that hour', latest),
        ...count('usual at this hour of the week', usual),
        ...count('weeks compared', known.length),
        ...text('hour to', weekly.hour.to.toISOString()),
      ],
    }
  })
  return rows.length > 0
    ? rows
    : { skip: `no application has counted ${rule.name ?? 'anything'} for ${LEAST_WEEKS} weeks at this hour` }
}
