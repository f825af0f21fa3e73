// Merges across statements: where one index, its equality keys rightly ordered, serves two.

import { canonical, type IndexDesign, identityOf, keySql } from './index-design.ts'

/** New designs only. Pairs of the same table, method and predicate. */
export function mergedDesigns(designs: readonly IndexDesign[]): readonly IndexDesign[] {
  const known = new Set(designs.map(identityOf))
  const merged = new Map<string, IndexDesign>()
  const groups = new Map<string, IndexDesign[]>()
  for (const design of designs) {
    if (design.method !== 'btree') continue
    const group = `${design.schema}.${design.table} ${design.where?.sql ?? ''}`
    groups.set(group, [...(groups.get(group) ?? []), design])
  }
  for (const group of groups.values()) {
    // all pairs of a large group would be thousands: the plain ones, without INCLUDE, say what can be shared
    const plain = group.filter(({ include }) => include.length === 0).slice(0, 40)
    for (const a of plain) {
      for (const b of plain) {
        const design = a === b ? null : merge(a, b)
        if (design === null) continue
        const identity = identityOf(design)
        if (!known.has(identity)) merged.set(identity, design)
      }
    }
  }
  return [...merged.values()]
}

/** `a` is a set of equality keys within those of `b`: first a's keys, then the rest of b. */
function merge(a: IndexDesign, b: IndexDesign): IndexDesign | null {
  if (a.keys.length !== a.equalityKeys || a.keys.length >= b.keys.length) return null
  const front = new Set(a.keys.map(keySql))
  const head = b.keys.slice(0, b.equalityKeys)
  if (!a.keys.every((key) => head.some((each) => keySql(each) === keySql(key)))) return null
  const keys = [...a.keys, ...b.keys.filter((key) => !front.has(keySql(key)))]
  return canonical({ ...b, keys })
}
