// Ticks and bounds of charts: clocks in 24 hours, bytes in powers of two, rates and sizes from zero.

import { formatBytes, formatCompact, formatMs, formatRatio } from '../format.ts'

const two = (part: number) => String(part).padStart(2, '0')
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** 12:03; the day where a day begins or ticks are whole days; seconds where ticks are closer than a minute. */
export function timeTicks(splits: readonly number[], step: number): string[] {
  return splits.map((at) => {
    const date = new Date(at * 1000)
    const isMidnight = date.getHours() === 0 && date.getMinutes() === 0
    if (step >= 86_400 || (isMidnight && step >= 60)) return `${date.getDate()} ${MONTHS[date.getMonth()]}`
    const clock = `${two(date.getHours())}:${two(date.getMinutes())}`
    return step < 60 ? `${clock}:${two(date.getSeconds())}` : clock
  })
}

export function valueTick(value: number, unit: string): string {
  switch (unit) {
    case 'bytes':
      return formatBytes(value)
    case 'ms':
      return formatMs(value)
    case 'ratio':
      return formatRatio(value)
    default:
      return formatCompact(value)
  }
}

/** Where ticks may stand, per unit: powers of two for bytes, so that they read 16 MB and not 15.3 MB. */
export function tickSteps(unit: string): number[] | undefined {
  if (unit !== 'bytes') return undefined
  return Array.from({ length: 50 }, (_, power) => 2 ** power)
}

/** From zero, with a little air above. A ratio that stays high is drawn from the tenth below it, since 99 and 98 % differ; one that
 * stays low (errors) up to what it reached, and never closer than 1 %. */
export function valueBounds(least: number | null, greatest: number | null, unit: string): [number, number] {
  if (least === null || greatest === null) return [0, 1]
  if (unit === 'ratio') {
    if (greatest < 0.5) return [0, Math.max(0.01, greatest * 1.1)]
    const floor = Math.min(0.9, Math.floor(least * 10) / 10)
    return [Math.max(0, floor), Math.max(1, greatest)]
  }
  return [Math.min(0, least), greatest <= 0 ? 1 : greatest * 1.1]
}
