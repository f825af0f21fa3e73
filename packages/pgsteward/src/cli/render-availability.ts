// Availability for a terminal: each probe as it stands, its uptime over several windows, its error budget, and outages.

import type { AvailabilityWire, ErrorBudgetWire, ProbeWire, UptimeWire } from '../model/availability-wire.ts'
import { formatDuration } from '../report/format.ts'
import type { paint } from './paint.ts'
import { plain } from './render-check.ts'

type Paint = ReturnType<typeof paint>

/** What happened longer ago is in the JSON and in the dashboard. */
const MOST_OUTAGES = 10

export function availabilityLines(
  { targetId, probes, outages }: AvailabilityWire,
  now: Date,
  paints: Paint,
): string {
  const { bold, dim, yellow } = paints
  const lines = [bold(plain(targetId))]
  if (probes.length === 0) lines.push('  Nothing is probed, and no application reports requests.')
  for (const probe of probes) lines.push(...probeLines(probe, now, paints))
  if (outages.length > 0) lines.push('', bold('outages'))
  for (const { name, startedAt, endedAt, failures, error, isPlanned } of outages.slice(0, MOST_OUTAGES)) {
    const lasted = formatDuration(
      (endedAt === null ? now.getTime() : Date.parse(endedAt)) - Date.parse(startedAt),
    )
    lines.push(
      `  ${startedAt}  ${plain(name)}  ${endedAt === null ? yellow(`${lasted} so far`) : lasted}  ${plain(error)}${dim(
        `  ${failures} ${failures === 1 ? 'try' : 'tries'}${isPlanned ? ', planned' : ''}`,
      )}`,
    )
  }
  if (outages.length > MOST_OUTAGES) lines.push(dim(`  and ${outages.length - MOST_OUTAGES} before`))
  return `${lines.join('\n')}\n`
}

function probeLines(probe: ProbeWire, now: Date, paints: Paint): readonly string[] {
  const { kind, name, address, slo, uptime, budget, tookMs } = probe
  const { bold, dim } = paints
  const what = kind === 'requests' ? 'requests it reports' : address
  const took = tookMs === null || probe.state !== 'up' ? '' : `, ${formatDuration(tookMs)}`
  return [
    '',
    `${stateWord(probe, paints)}  ${bold(plain(name))}  ${dim(`${plain(what)}${took}`)}`,
    ...troubleLines(probe, now),
    `         ${uptimeWords(uptime)}`,
    `         ${budgetWords(budget, slo)}`,
  ]
}

function stateWord({ state }: ProbeWire, { green, red, dim }: Paint): string {
  switch (state) {
    case 'up':
      return green('up     ')
    case 'down':
      return red('down   ')
    case 'unknown':
      return dim('unknown')
    case 'counted':
      return dim('counted')
  }
}

function troubleLines({ state, error, failingSince, lastAt }: ProbeWire, now: Date): readonly string[] {
  if (state === 'unknown') return [`         nobody has asked ${lastAt === null ? 'yet' : `since ${lastAt}`}`]
  if (state !== 'down') return []
  const since =
    failingSince === null
      ? ''
      : `, for ${formatDuration(Math.max(0, now.getTime() - Date.parse(failingSince)))}`
  return [`         ${plain(error ?? 'it fails')}${since}`]
}

/** A gap is told once: the longest window holds all that was seen. */
function uptimeWords(uptime: readonly UptimeWire[]): string {
  const each = uptime.map(
    ({ windowMs, ratio }) => `${formatDuration(windowMs)} ${ratio === null ? '-' : shareWords(ratio, 3)}`,
  )
  const longest = uptime.at(-1)
  const isWhole = longest === undefined || longest.coveredRatio === null || longest.coveredRatio >= 0.995
  const seen = isWhole ? '' : `   (${formatDuration(longest.coveredMs + longest.plannedMs)} seen)`
  return `${each.join('   ')}${seen}`
}

/** Never rounded to all or nothing: 99.9996 % is not 100 %. */
function shareWords(ratio: number, digits: number): string {
  const percent = Number((ratio * 100).toFixed(digits))
  if (percent === 100 && ratio < 1) return `>${100 - 10 ** -digits} %`
  if (percent === 0 && ratio > 0) return `<${10 ** -digits} %`
  return `${percent} %`
}

function budgetWords(
  { windowMs, unit, allowed, spent, left, lastsMs }: ErrorBudgetWire,
  slo: number,
): string {
  const amount = (value: number) =>
    unit === 'ms' ? formatDuration(value) : Math.round(value).toLocaleString('en-US')
  const objective = `objective ${Number((slo * 100).toFixed(4))} % over ${formatDuration(windowMs)}`
  if (allowed <= 0) return objective
  if (left < 0) return `${objective}: overspent, ${amount(spent)} of ${amount(allowed)}`
  const isBurning = lastsMs !== null && lastsMs < windowMs
  const lasts = !isBurning ? '' : `, gone in ${formatDuration(lastsMs)} at this rate`
  const what = unit === 'ms' ? '' : ' failures'
  return `${objective}: ${amount(left)} of ${amount(allowed)}${what} left${lasts}`
}
