// How insights speak: steps, numbers, times and sizes as a person reads them.

import type { PlanNode } from '../../model/what-if.ts'

/** `Seq Scan on parcel`, `Index Scan using parcel_pkey on parcel p`, `Hash Join`. */
export function stepName(node: PlanNode): string {
  const what = node['Relation Name'] ?? node['CTE Name'] ?? node['Function Name']
  const index = node['Index Name']
  const alias = node.Alias
  return [
    node['Node Type'],
    ...(index === undefined ? [] : [`using ${index}`]),
    ...(typeof what === 'string' ? [`on ${what}`] : []),
    ...(typeof what === 'string' && typeof alias === 'string' && alias !== what ? [alias] : []),
  ].join(' ')
}

export function countOf(value: number): string {
  return value >= 10 || Number.isInteger(value)
    ? Math.round(value).toLocaleString('en-US')
    : value.toPrecision(2)
}

export function rowsOf(value: number): string {
  const count = countOf(Math.max(0, value) < 1 && value > 0 ? 1 : Math.round(value))
  return count === '1' ? '1 row' : `${count} rows`
}

export function percentOf(ratio: number): string {
  const percent = ratio * 100
  // 100 % is said of everything only
  return `${percent > 99 && percent < 100 ? 99 : percent < 1 ? percent.toFixed(1) : Math.round(percent)} %`
}

export function msOf(ms: number): string {
  if (ms >= 10_000) return `${countOf(ms / 1000)} s`
  return ms >= 10 ? `${countOf(ms)} ms` : `${Number(ms.toPrecision(2))} ms`
}

export function bytesOf(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const step = Math.max(0, Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10)))
  const value = bytes / 1024 ** step
  return `${value >= 10 || step === 0 ? Math.round(value) : Number(value.toPrecision(2))} ${units[step]}`
}

export function timesAs(ratio: number): string {
  return `${countOf(ratio < 10 ? Number(ratio.toPrecision(2)) : ratio)} times`
}
