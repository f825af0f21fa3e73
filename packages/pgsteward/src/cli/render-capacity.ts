// A capacity plan for a terminal: how it is, how it goes on, what it needs, which limit comes when, and how far that can be believed.

import type {
  CapacityBaselineWire,
  CapacityInterval,
  CapacityLimitWire,
  CapacityMeasureWire,
  CapacityPlanWire,
} from '../model/capacity.ts'
import { formatBytes, formatDuration, formatValue } from '../report/format.ts'
import type { paint } from './paint.ts'
import { plain } from './render-check.ts'

type Paint = ReturnType<typeof paint>
type Unit = CapacityMeasureWire['unit']

export function capacityLines(plan: CapacityPlanWire, paints: Paint): string {
  const { bold, dim } = paints
  const { targetId, historyDays, users, measures, limits, confidence } = plan
  if (measures.length === 0)
    return `${bold(plain(targetId))}\n  Nothing is kept of it yet: pgsteward watch URL keeps what a plan is made of, from the first day on.\n`
  return [
    `${bold(plain(targetId))}  ${dim(`${days(historyDays)} of history; intervals hold ${Math.round(confidence * 100)} %`)}`,
    '',
    bold('now'),
    ...baselineLines(plan.baseline),
    '',
    bold(`as it goes on, and with ${users} times the users`),
    ...measures.flatMap((measure) => measureLines(measure, plan, paints)),
    '',
    bold('needed'),
    ...needLines(plan),
    '',
    bold('limits'),
    ...(limits.length === 0
      ? ['  None are known; name a disk, memory or a rate under capacity.limits of the configuration.']
      : limits.map((limit) => limitLine(limit, users, paints))),
    '',
  ].join('\n')
}

function baselineLines(baseline: CapacityBaselineWire): readonly string[] {
  const { databases, tables, indexBytes, queries, transactions, connections, pools } = baseline
  const sized = ({ name, sizeBytes, growthBytesPerDay }: (typeof databases)[number]) =>
    `${plain(name)} ${formatBytes(sizeBytes)}${growthBytesPerDay === null ? '' : ` (${signed(growthBytesPerDay)} a day)`}`
  const line = (name: string, text: string) => `  ${name.padEnd(14)}${text}`
  return [
    ...(databases.length === 0 ? [] : [line('databases', databases.slice(0, 5).map(sized).join(', '))]),
    ...(tables.length === 0 ? [] : [line('tables', tables.slice(0, 5).map(sized).join(', '))]),
    ...(indexBytes === null ? [] : [line('indexes', formatBytes(indexBytes))]),
    ...(queries === null
      ? []
      : [line('queries', `${rate(queries.peak)} at the peak, ${rate(queries.mean)} on average`)]),
    ...(transactions === null
      ? []
      : [
          line(
            'transactions',
            `${rate(transactions.peak)} at the peak, ${rate(transactions.mean)} on average`,
          ),
        ]),
    ...(connections === null
      ? []
      : [line('connections', `${short(connections.peak)} at the peak, of ${connections.usable}`)]),
    ...pools.map(({ application, pool, processes, max, peakUsed }) =>
      line(
        'pool',
        `${plain(application)} ${plain(pool)}: ${peakUsed === null ? 'use not told' : `${short(peakUsed)} taken at the peak`}, of ${max ?? 'an unknown number'} in ${processes} ${processes === 1 ? 'process' : 'processes'}`,
      ),
    ),
  ]
}

function measureLines(
  { label, unit, now, nowWithUsers, scales, projections, backTest, because }: CapacityMeasureWire,
  { users, horizons }: CapacityPlanWire,
  { bold, dim, yellow }: Paint,
): readonly string[] {
  const steps = projections.flatMap((each, number) =>
    each.now === null || each.withUsers === null
      ? []
      : [
          `    ${horizons[number]!.label.padEnd(14)}${bold(value(each.now.value, unit))}  ${dim(between(each.now, unit))}` +
            (scales === 'none'
              ? ''
              : `   ${users}x users ${bold(value(each.withUsers.value, unit))}  ${dim(between(each.withUsers, unit))}`),
        ],
  )
  const tried =
    backTest === null
      ? []
      : [
          dim(
            `    on its past, up to ${formatDuration(backTest.aheadMs)} ahead: off by ${value(backTest.error, unit)} on average, a straight line by ${value(backTest.straightLineError, unit)}`,
          ),
        ]
  return [
    `  ${plain(label)}: ${bold(value(now, unit))}${scales === 'users' ? `, ${users}x users ${bold(value(nowWithUsers, unit))}` : ''}`,
    ...steps,
    ...tried,
    ...(because === null ? [] : [yellow(`    ${because}`)]),
  ]
}

function needLines({ pool, cache, users }: CapacityPlanWire): readonly string[] {
  const rules = {
    fits: 'shared_buffers hold what is used of the data',
    misses: 'shared_buffers do not hold what is used; all of the data is an upper bound',
    unknown: 'too little was read to tell what is used; all of the data is an upper bound',
  }
  const perProcess =
    pool?.processes == null
      ? ''
      : ` (${Math.ceil(pool.required / pool.processes)} for each of ${pool.processes} processes)`
  return [
    ...(pool === null
      ? ['  connections   not known: no sessions were counted']
      : [
          `  connections   ${pool.required} for ${short(pool.offered)} at work${perProcess}; ${pool.requiredWithUsers} with ${users} times the users`,
        ]),
    ...(cache === null
      ? ['  memory        not known: settings or sizes were never read']
      : [
          `  memory        ${formatBytes(cache.requiredBytes)}: ${rules[cache.rule]}${cache.hitRatio === null ? '' : ` (${formatValue(cache.hitRatio, 'ratio')} found)`}`,
        ]),
  ]
}

function limitLine(
  { label, unit, value: limit, now, usedRatio, withUsers, ...reached }: CapacityLimitWire,
  users: number,
  { bold, red, yellow, dim }: Paint,
): string {
  const colour = usedRatio >= 1 ? red : usedRatio >= 0.8 ? yellow : (text: string) => text
  const used = colour(formatValue(usedRatio, 'ratio'))
  return [
    `  ${bold(plain(label))}  ${used} ${dim(`${value(now, unit)} of ${value(limit, unit)}`)}`,
    `    ${dateWords(reached, usedRatio >= 1)}; with ${users} times the users ${dateWords(withUsers, false)}`,
  ].join('\n')
}

type Reached = CapacityLimitWire['withUsers']

function dateWords({ expectedAt, earliestAt, searchedUntil }: Reached, isReached: boolean): string {
  if (isReached) return 'reached now'
  if (expectedAt === null && searchedUntil === null) return 'too little history to tell when'
  if (earliestAt === null) return `not by ${searchedUntil!.slice(0, 10)}`
  const earliest = `at the earliest ${earliestAt.slice(0, 10)}`
  return expectedAt === null
    ? `not expected by ${searchedUntil!.slice(0, 10)}, ${earliest}`
    : `expected ${expectedAt.slice(0, 10)}, ${earliest}`
}

function value(amount: number, unit: Unit): string {
  return unit === 'count' ? short(amount) : formatValue(amount, unit)
}

function between({ lower, upper }: CapacityInterval, unit: Unit): string {
  return `${value(lower, unit)} to ${value(upper, unit)}`
}

function rate(perSecond: number): string {
  return formatValue(perSecond, 'perSecond')
}

function signed(bytes: number): string {
  return bytes < 0 ? `-${formatBytes(-bytes)}` : `+${formatBytes(bytes)}`
}

function short(amount: number): string {
  return amount.toLocaleString('en-US', { maximumFractionDigits: amount < 10 ? 1 : 0 })
}

function days(count: number): string {
  const whole = Math.round(count)
  return whole === 1 ? '1 day' : `${whole} days`
}
