// Reviews after a launch in words.

import type { LaunchMetricsWire, LaunchReviewWire } from '../../model/review-wire.ts'
import { actionsWords, itemWords } from '../meeting/meeting-words.ts'
import { numberIn, readBody, textIn } from '../read-body.ts'
import { momentWords, plural, type RecordTeller } from '../teller.ts'
import { REVIEW_BODIES } from './review-entries.ts'
import { launchReviewOf } from './review-state.ts'

export const reviewTeller: RecordTeller = {
  summary: (record) => {
    // as of its last entry: a file must not change with the clock
    const launch = launchReviewOf(record, record.entries.at(-1)!.at)
    return {
      title: `${launch.title} ${launch.version}`,
      state: launch.state,
      facts: [
        ['Launched', momentWords(launch.launchedAt)],
        ...(launch.targetId === null ? [] : [['Target', launch.targetId] as const]),
        ['Reviews', completionWords(launch)],
        ['Before the launch', metricsWords(launch.baseline)],
        ...(launch.actions.length === 0 ? [] : [['Action items', actionsWords(launch.actions)] as const]),
      ],
    }
  },
  entry: ({ action, body }) => {
    switch (action) {
      case 'opened': {
        const launch = readBody(REVIEW_BODIES.opened, body)
        if (launch === null) return null
        return [`launched ${launch.version}, to be reviewed ${plural(launch.dues.length, 'time')}`]
      }
      case 'measured': {
        const measured = readBody(REVIEW_BODIES.measured, body)
        if (measured === null) return null
        return [
          `measured for review ${measured.due}`,
          metricsWords(measured.metrics),
          `${plural(measured.findingsOpened, 'finding')} opened since the launch.`,
          ...measured.findings.map(({ severity, summary }) => `${severity}: ${summary}`),
        ]
      }
      case 'reviewed':
        return [`reviewed it, the review ${numberIn(body, 'due')}`, textIn(body, 'note')]
      case 'action-opened': {
        const item = readBody(REVIEW_BODIES['action-opened'], body)
        return item === null ? null : [`opened an action item: ${itemWords(item)}`]
      }
      case 'action-done':
        return [`did action item ${numberIn(body, 'action')}`, textIn(body, 'note')]
      case 'closed':
        return ['closed it', textIn(body, 'note')]
      default:
        return null
    }
  },
}

/** `5 of 15, all on time`. */
export function completionWords({
  reviews,
  completion,
}: Pick<LaunchReviewWire, 'reviews' | 'completion'>): string {
  const { reviewed, onTimeRatio, overdue } = completion
  const onTime = onTimeRatio === null ? '' : `, ${Math.round(onTimeRatio * 100)} % of those due on time`
  return `${reviewed} of ${reviews.length} done${onTime}${overdue === 0 ? '' : `, ${overdue} overdue`}`
}

export function metricsWords(metrics: LaunchMetricsWire | null): string {
  if (metrics === null) return 'Nothing was measured.'
  const { requests, errorRatio, p95Ms, deliveredRatio, databaseLoad } = metrics
  const percent = (ratio: number) => `${(ratio * 100).toFixed(2)} %`
  const told = [
    requests === 0 ? 'no requests' : `${requests.toLocaleString('en-US')} requests`,
    ...(errorRatio === null ? [] : [`${percent(errorRatio)} errors`]),
    ...(p95Ms === null ? [] : [`p95 ${Math.round(p95Ms)} ms`]),
    ...(deliveredRatio === null ? [] : [`${percent(deliveredRatio)} of deliveries succeeded`]),
    ...(databaseLoad === null ? [] : [`database load ${databaseLoad.toFixed(2)}`]),
  ]
  return `${told.join(', ')}.`
}
