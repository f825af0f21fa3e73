// The quarter as a page of bench/results: what happened, told from its records.

import { formatDuration } from '../../packages/pgsteward/src/report/format.ts'
import type { Evidence } from './evidence.ts'
import type { Look } from './look-at-reports.ts'

export interface QuarterPage {
  readonly evidence: Evidence
  readonly look: Look
  readonly missing: readonly string[]
  readonly simulatedMs: number
  readonly lookedMs: number
}

export function quarterPage({ evidence, look, missing, simulatedMs, lookedMs }: QuarterPage): string {
  const { reports, incidents, changes, meetings, rehearsals, launches, optimizations, practice, coverage } =
    evidence
  const madeReports = [...reports].filter(([, names]) => names.length > 0)
  return `# A quarter of governance

\`npm run demo:quarter -- --write bench/results/quarter.md\`: thirteen weeks of a shop for messages on a clock of their own. Readings are
made up (\`scripts/quarter/\`); checks, alerts, on-call, incidents, maintenance on a real small PostgreSQL, records and reports are the
product's. Played in ${formatDuration(simulatedMs)}, looked at in ${formatDuration(lookedMs)}.

${missing.length === 0 ? 'Everything that it must show, it shows.' : `**Missing:** ${missing.join('; ')}.`}

## Reports

| Kind | Made | First | Last |
|---|---:|---|---|
${madeReports.map(([kind, names]) => `| ${kind} | ${names.length} | ${names[0]} | ${names.at(-1)} |`).join('\n')}

Each in Chromium, light, dark, 390 pixels wide and printed as A4: ${look.looked} reports with ${look.charts} charts, ${look.pages} pages
of paper, ${kb(look.htmlBytes / look.looked)} on average, ${kb(look.mostBytes)} at most;
${look.complaints.length === 0 ? 'no error, nothing too wide.' : `${look.complaints.length} complaints.`}
The day with four hours unobserved says that ${percent(evidence.unobservedRatio)} of it is known.

## On call

${coverage.minutes.toLocaleString('en-US')} minutes, ${coverage.uncovered} without a primary and a secondary, ${coverage.alone} with one person
as both; ${coverage.shifts} shifts, ${coverage.overrides} overrides (${coverage.withdrawn} withdrawn, one over the end of daylight saving),
${coverage.handOffs} hand-offs, ${coverage.acknowledged} acknowledged. The rotation changes at ${coverage.changesAt.map(clock).join(' and ')} UTC:
nine in Berlin. ${evidence.called.map(({ incident, to }) => `${incident} called ${to}`).join(', ')}, who was on call.

## Incidents

| | Began | Detected after | Acknowledged after | Mitigated after | Recovered after | Timeline | Cause |
|---|---|---:|---:|---:|---:|---:|---|
${incidents
  .map(
    ({ name, times, timeline, cause }) =>
      `| ${name} | ${times.startedAt} | ${took(times.toDetectMs)} | ${took(times.toAcknowledgeMs)} | ${took(times.toMitigateMs)} | ${took(times.toRecoverMs)} | ${timeline.length} entries | ${cause} |`,
  )
  .join('\n')}

## Changes

${meetings.filter(({ state }) => state !== 'planned').length} meetings of the board.

| | Change | Decided | By | Ended |
|---|---|---|---|---|
${changes
  .map(
    ({ name, title, decision, state, closedAs }) =>
      `| ${name} | ${title} | ${decision === null ? 'not yet' : `${decision.decision}${decision.isEmergency ? ' as an emergency' : ''}`} | ${decision?.meeting ?? decision?.rule ?? ''} | ${closedAs ?? state} |`,
  )
  .join('\n')}

## Rehearsals and launches

| | Release | Verdict | |
|---|---|---|---|
${rehearsals.map(({ name, release, verdict, verdictWords }) => `| ${name} | ${release} | ${verdict} | ${verdictWords} |`).join('\n')}

| | Launch | Reviews due | Done | On time | Worse than before, at first |
|---|---|---:|---:|---:|---|
${launches
  .map(
    ({ name, version, completion, reviews }) =>
      `| ${name} | ${version} | ${completion.due} | ${completion.reviewed} | ${percent(completion.onTimeRatio)} | ${reviews.find(({ worse }) => worse.length > 0)?.worse[0] ?? 'nothing'} |`,
  )
  .join('\n')}

## Optimizations

Each opened by the approval, completed by the measure, written by nobody.

| | Index | Decided by | Mean before | Mean after | Ratio | Saved a day | Verdict |
|---|---|---|---:|---:|---:|---:|---|
${optimizations
  .map(({ name, title, deploy, measure, verdict }) => {
    const [statement] = measure?.statements ?? []
    return `| ${name} | ${title} | ${deploy?.decidedBy ?? ''} | ${ms(statement?.meanMsBefore)} | ${ms(statement?.meanMsAfter)} | ${measure?.measuredRatio?.toFixed(3) ?? ''} | ${took(measure?.value.msPerDay ?? null)} | ${verdict} |`
  })
  .join('\n')}

## The practice, by thirty days

| To | Incidents | To detect | To acknowledge | To recover | Reviewed | Changes that held | Optimizations that improved | Saved a day |
|---|---:|---:|---:|---:|---:|---:|---:|---:|
${practice
  .map(
    (each) =>
      `| ${each.to.slice(0, 10)} | ${each.incidents} | ${took(each.toDetect.medianMs)} | ${took(each.toAcknowledge.medianMs)} | ${took(each.toRecover.medianMs)} | ${share(each.reviewed)} | ${share(each.changes)} | ${share(each.optimizations)} | ${took(each.savedMsPerDay)} |`,
  )
  .join('\n')}
`
}

const kb = (bytes: number) => `${Math.round(bytes / 1024)} kB`
const percent = (ratio: number | null) => (ratio === null ? '' : `${(ratio * 100).toFixed(0)} %`)
const took = (value: number | null) => (value === null ? '' : formatDuration(value))
const ms = (value: number | undefined) => (value === undefined ? '' : `${value.toFixed(2)} ms`)
const share = ({ good, all }: { readonly good: number; readonly all: number }) =>
  all === 0 ? '' : `${good} of ${all}`
const clock = (minute: number) =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
