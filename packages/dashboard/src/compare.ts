// What charts are compared with: the same span a day or a week before, kept in the address.

import { setParams, useAddress } from './use-address.ts'

export const COMPARISONS = [
  { id: '1d', key: ',', seconds: 86_400, title: 'Day before' },
  { id: '7d', key: '.', seconds: 604_800, title: 'Week before' },
] as const

export type Comparison = (typeof COMPARISONS)[number]

export function comparisonOf(params: URLSearchParams): Comparison | null {
  return COMPARISONS.find(({ id }) => id === params.get('compare')) ?? null
}

export function useComparison(): Comparison | null {
  return comparisonOf(useAddress().params)
}

/** Begins to compare; the same again ends it. */
export function toggleComparison(id: Comparison['id']): void {
  const present = comparisonOf(new URLSearchParams(window.location.search))
  setParams({ compare: present?.id === id ? null : id }, 'push')
}
