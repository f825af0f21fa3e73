// An alert condition as NerdGraph takes it (AlertsNrqlConditionStaticInput).

import type { ConditionDefinition } from '../definitions.ts'
import { conditionNrql } from './nrql.ts'
import type { Input, NewRelicSettings } from './wanted.ts'

/** Windows longer than this slide, so that an hour's sum is looked at every five minutes and not once. */
const SLIDE_FROM_SECONDS = 600
const SLIDE_BY_SECONDS = 300
/** Applications report every 15 s; a collector between may take as long again. */
const DELAY_SECONDS = 60
const DAY = 86_400

export function conditionInput(
  condition: ConditionDefinition,
  name: string,
  settings: Pick<NewRelicSettings, 'services' | 'runbooks'>,
): Input {
  const { windowSeconds, unit } = condition
  const terms = [
    { priority: 'CRITICAL', threshold: condition.critical },
    ...(condition.warning === null ? [] : [{ priority: 'WARNING', threshold: condition.warning }]),
  ].map((term) => ({
    ...term,
    operator: condition.is === 'above' ? 'ABOVE' : 'BELOW',
    thresholdDuration: condition.forSeconds,
    // one window is one value: as soon as it says so
    thresholdOccurrences: condition.forSeconds === windowSeconds ? 'AT_LEAST_ONCE' : 'ALL',
  }))
  return {
    name,
    enabled: true,
    description: `What to do: docs/checks/${condition.check}.md of pgsteward, whose check of that name finds the same.`,
    nrql: { query: conditionNrql(condition.expression, condition.by, settings) },
    terms,
    signal: {
      aggregationWindow: windowSeconds,
      // what fails is rare: no later point may come that would end a window
      aggregationMethod: 'EVENT_TIMER',
      aggregationTimer: DELAY_SECONDS,
      ...(windowSeconds > SLIDE_FROM_SECONDS ? { slideBy: SLIDE_BY_SECONDS } : {}),
      // no point where nothing failed: for a count that is zero, for a latency nothing at all
      ...(unit === 'count' && windowSeconds > SLIDE_FROM_SECONDS
        ? { fillOption: 'STATIC', fillValue: 0 }
        : { fillOption: 'NONE' }),
    },
    // an application that is gone is another's alert; its old ones end
    expiration: {
      expirationDuration: 3600,
      closeViolationsOnExpiration: true,
      openViolationOnExpiration: false,
    },
    violationTimeLimitSeconds: 3 * DAY,
    ...(settings.runbooks === null ? {} : { runbookUrl: `${settings.runbooks}/${condition.check}.md` }),
  }
}
