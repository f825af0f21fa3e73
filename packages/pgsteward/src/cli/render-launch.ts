// Reviews after a launch for a terminal.

import type {
  DueReviewWire,
  LaunchMetricsWire,
  LaunchReviewDetailWire,
  LaunchReviewWire,
} from '../model/review-wire.ts'
import { formatDuration } from '../report/format.ts'
import type { paint } from './paint.ts'
import { actionLines } from './render-change.ts'
import { plain } from './render-check.ts'
import { shownMoment } from './shown-moment.ts'

type Paint = ReturnType<typeof paint>

export function launchListLines(launches: readonly LaunchReviewWire[], paints: Paint): string {
  if (launches.length === 0)
    return 'No launch is reviewed: pgsteward launch open --title TEXT --version VERSION --target ID\n'
  return launches.map((launch) => `${headOf(launch, paints)}\n`).join('')
}

function headOf(
  { name, title, version, state, launchedAt, completion, reviews }: LaunchReviewWire,
  paints: Paint,
): string {
  const { bold, dim, red } = paints
  const { reviewed, overdue, onTimeRatio } = completion
  const late = overdue === 0 ? '' : red(`  ${overdue} overdue`)
  const onTime = onTimeRatio === null ? '' : `, ${Math.round(onTimeRatio * 100)} % on time`
  return `${bold(name)}  ${state}  ${plain(title)} ${plain(version)}, ${shownMoment(launchedAt)}  ${dim(`${reviewed} of ${reviews.length} done${onTime}`)}${late}`
}

export function launchLines(launch: LaunchReviewDetailWire, paints: Paint): string {
  const lines = [
    headOf(launch, paints),
    `  before: ${launch.baseline === null ? 'nothing was measured' : metricsText(launch.baseline)}`,
    '',
    ...launch.reviews.flatMap((review) => reviewLines(review, paints)),
    ...(launch.actions.length === 0 ? [] : ['', ...actionLines(launch.actions)]),
    ...nextLines(launch, paints),
  ]
  return `${lines.join('\n')}\n`
}

/** Of what can be done now; nothing of a closed one. */
function nextLines({ name, state, reviews }: LaunchReviewWire, { dim }: Paint): readonly string[] {
  if (state === 'closed') return []
  const isDue = reviews.some((each) => each.state === 'due' || each.state === 'overdue')
  const next = reviews.find((each) => each.state === 'to come')
  if (isDue) return ['', dim(`pgsteward launch review ${name} --note TEXT does the next that is due.`)]
  return next === undefined
    ? ['', dim(`All are done: pgsteward launch close ${name} --note TEXT`)]
    : ['', dim(`None is due before ${shownMoment(next.due)}.`)]
}

function reviewLines(review: DueReviewWire, { red, yellow, green, dim }: Paint): readonly string[] {
  const { number, due, state, metrics, worse, note, reviewedBy, findingsOpened } = review
  const paintOf = { overdue: red, due: yellow, 'done on time': green, 'done late': yellow, 'to come': dim }[
    state
  ]
  return [
    `  ${String(number).padStart(2)}. ${due.slice(0, 16).replace('T', ' ')}  ${paintOf(state)}${reviewedBy === null ? '' : ` by ${plain(reviewedBy)}`}`,
    ...(metrics === null
      ? []
      : [`      ${metricsText(metrics)}; ${findingsOpened ?? 0} findings opened since the launch`]),
    ...worse.map((words) => `      ${red('worse')}: ${plain(words)}`),
    ...(note === '' ? [] : [`      ${plain(note)}`]),
  ]
}

function metricsText({
  requests,
  errorRatio,
  p95Ms,
  deliveredRatio,
  databaseLoad,
}: LaunchMetricsWire): string {
  const percent = (ratio: number) => `${(ratio * 100).toFixed(2)} %`
  return [
    `${requests} requests`,
    ...(errorRatio === null ? [] : [`${percent(errorRatio)} errors`]),
    ...(p95Ms === null ? [] : [`p95 ${formatDuration(p95Ms)}`]),
    ...(deliveredRatio === null ? [] : [`${percent(deliveredRatio)} delivered`]),
    ...(databaseLoad === null ? [] : [`database load ${databaseLoad.toFixed(2)}`]),
  ].join(', ')
}
