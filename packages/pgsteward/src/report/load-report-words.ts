// The words of a load run's report that its terminal and its Markdown form share.

import { ALL_REQUESTS, type InvalidReason, type LoadRun, type RunSeries } from '../model/load-run.ts'
import { formatBytes, formatDuration, formatValue } from './format.ts'
import { many } from './review-words.ts'

const ENDED: Readonly<Record<LoadRun['ended'], string>> = {
  completed: '',
  threshold: 'It was stopped by a threshold.',
  interrupted: 'It was interrupted; what was measured until then is kept.',
  'target-lost': 'The target was lost in mid-run; what was measured until then is kept.',
  failed: 'The engine failed; what was measured until then is kept.',
}

/** Whether its figures may be believed, before any figure. */
export function validityLine({ invalid, ended, thresholds }: LoadRun): string {
  const crossed = thresholds.filter(({ isMet }) => !isMet).length
  const end = ENDED[ended] === '' ? '' : ` ${ENDED[ended]}`
  if (invalid.length > 0)
    return `INVALID: the figures below must not be believed nor compared (${many(invalid.length, 'reason')}).${end}`
  if (crossed > 0)
    return `VALID, but ${many(crossed, 'threshold')} of ${thresholds.length} ${crossed === 1 ? 'is' : 'are'} crossed.${end}`
  return `VALID${thresholds.length === 0 ? '' : `, ${thresholds.length === 1 ? 'its threshold is' : `all ${thresholds.length} thresholds are`} met`}.${end}`
}

export function subjectLine({ scenario, target, engine, git, experiment }: LoadRun): string {
  const scaled = [
    ...(scenario.timeScale === 1 ? [] : [`time x ${scenario.timeScale}`]),
    ...(scenario.loadScale === 1 ? [] : [`load x ${scenario.loadScale}`]),
  ]
  return [
    `${scenario.id} (${scenario.model} model${scaled.length === 0 ? '' : `, ${scaled.join(', ')}`})`,
    ...(target === null ? [] : [target]),
    `${engine.name === 'node' ? 'built-in engine' : engine.name} ${engine.version}`,
    ...(git === null ? [] : [`${git.sha.slice(0, 10)}${git.isClean ? '' : ' with changes'}`]),
    ...(experiment === null ? [] : [`${experiment.side} ${experiment.repetition}`]),
  ].join(', ')
}

export function totalsLine({ requests, durationMs }: LoadRun): string {
  const { count, errors, bytesReceived, dropped } = requests
  const perSecond = durationMs === 0 ? 0 : count / (durationMs / 1000)
  return [
    `${many(count, 'request')} in ${formatDuration(durationMs)}`,
    formatValue(perSecond, 'perSecond'),
    `${errorText(errors, count)} failed`,
    ...(bytesReceived === 0 ? [] : [`${formatBytes(bytesReceived)} received`]),
    ...(dropped === 0 ? [] : [`${many(dropped, 'arrival')} dropped`]),
  ].join(', ')
}

export function errorKindsLine({ requests: { errorKinds } }: LoadRun): string | null {
  const kinds = Object.entries(errorKinds).toSorted(([, one], [, other]) => other - one)
  return kinds.length === 0
    ? null
    : `Failed by: ${kinds.map(([kind, count]) => `${kind} ${count.toLocaleString('en-US')}`).join(', ')}`
}

/** `0.1 %`; of anything at all never 0. */
export function errorText(errors: number, count: number): string {
  if (errors === 0 || count === 0) return errors === 0 ? '0 %' : '100 %'
  const percent = (errors / count) * 100
  return percent < 0.1 ? 'under 0.1 %' : `${Number(percent.toFixed(1))} %`
}

export function seriesCells({ count, errors, percentiles }: RunSeries): readonly string[] {
  const ms = (value: number | null) => (value === null ? '-' : formatDuration(value))
  return [
    count.toLocaleString('en-US'),
    ms(percentiles.p50Ms),
    ms(percentiles.p95Ms),
    ms(percentiles.p99Ms),
    errorText(errors, count),
  ]
}

/** `all` first, then as the scenario has them. */
export function seriesName({ name }: RunSeries): string {
  return name === ALL_REQUESTS ? 'all requests' : name
}

/** Figures of the database and the pools, a line each. */
export function databaseLines({ database }: LoadRun): readonly string[] {
  if (database === null) return []
  const { cacheHitRatio, activeSessions, connections, waits, pools } = database
  const average = (value: number) => Number(value.toFixed(2)).toString()
  return [
    [
      ...(cacheHitRatio === null ? [] : [`cache hit ${formatValue(cacheHitRatio, 'ratio')}`]),
      ...(activeSessions === null
        ? []
        : [`active sessions ${average(activeSessions.mean)} on average, ${activeSessions.max} at most`]),
      ...(connections === null ? [] : [`${connections.peak} of ${connections.max} connections`]),
    ].join(', '),
    waits.length === 0
      ? ''
      : `sessions by wait: ${waits
          .slice(0, 5)
          .map(
            ({ type, event, averageSessions }) =>
              `${event === null ? type : `${type}/${event}`} ${average(averageSessions)}`,
          )
          .join(', ')}`,
    ...pools.map(
      ({ name, max, usedMax, waitingMax, waitP95Ms }) =>
        `pool ${name}: ${usedMax} used${max === null ? '' : ` of ${max}`} at most, ${waitingMax} waiting${waitP95Ms === null ? '' : `, p95 of the wait ${formatDuration(waitP95Ms)}`}`,
    ),
  ].filter((line) => line !== '')
}

/** Share of all statements' time, calls, mean, text. */
export function statementCells({ database }: LoadRun, limit: number): readonly (readonly string[])[] {
  if (database === null) return []
  const total = database.statements.reduce((sum, { totalMs }) => sum + totalMs, 0)
  return database.statements
    .slice(0, limit)
    .map(({ text, calls, totalMs }) => [
      total === 0 ? '' : formatValue(totalMs / total, 'ratio'),
      Math.round(calls).toLocaleString('en-US'),
      calls === 0 ? '-' : formatDuration(totalMs / calls),
      text.replace(/\s+/g, ' ').trim(),
    ])
}

/** What to do about each reason. */
export const MEND: Readonly<Record<InvalidReason, string>> = {
  'dropped-arrivals': 'raise maxInFlight of the scenario, or offer less: the target did not keep up.',
  'rate-not-reached': 'offer less, or give the generator more threads (--threads).',
  'generator-starved': 'give the generator a processor of its own, or offer less.',
  'schedule-lag': 'the generator was late: a calmer machine, or fewer neighbours.',
  'too-many-errors': 'mend the errors first: latencies of a failing target say nothing.',
  'too-few-requests': 'run for longer (--for, --scale): percentiles need requests.',
  interrupted: 'run again to the end.',
  'target-lost': 'see why the target went away, then run again.',
  'out-of-memory': 'offer less, or give the process more memory.',
  'disk-full': 'free some space, then run again.',
  'source-incomplete': 'the imported file lacks what is needed; import the raw output instead of a summary.',
}

export function loadNextSteps(run: LoadRun): readonly string[] {
  const reasons = [...new Set(run.invalid.map(({ reason }) => reason))]
  if (reasons.length > 0) return reasons.map((reason) => `${reason}: ${MEND[reason]}`)
  return [
    ...(run.database === null
      ? ['Name the database (--database URL) and the report says what in it took the time.']
      : []),
    'Keep it as a baseline: pgsteward baseline create; compare with it later: pgsteward baseline compare.',
  ]
}
