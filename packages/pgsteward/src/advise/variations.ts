// Small changes of an index: the moves of the local search.

import { canonical, type DesignKey, type IndexDesign, identityOf } from './index-design.ts'

const MOST_KEYS = 5

/** Smaller ones: without the last key, without INCLUDE or one of its columns. */
export function shrunk(design: IndexDesign): readonly IndexDesign[] {
  if (design.method !== 'btree') return []
  const keys = design.keys.slice(0, -1)
  return unique([
    ...(keys.length > 0
      ? [{ ...design, keys, equalityKeys: Math.min(design.equalityKeys, keys.length) }]
      : []),
    ...(design.include.length > 0 ? [{ ...design, include: [] }] : []),
    ...(design.include.length > 1
      ? design.include.map((out) => ({ ...design, include: design.include.filter((each) => each !== out) }))
      : []),
  ])
}

/** Larger or other ones, the likeliest first, from the keys, INCLUDE columns and predicates that candidates of the same table hold. */
export function grown(design: IndexDesign, relatives: readonly IndexDesign[]): readonly IndexDesign[] {
  if (design.method !== 'btree') return []
  const held = new Set(design.keys.map(({ on }) => on.sql))
  const others = [
    ...new Map(
      relatives
        .filter(({ method, keys }) => method === 'btree' && keys.some(({ on }) => held.has(on.sql)))
        .flatMap(({ keys }) => keys)
        .filter(({ on }) => !held.has(on.sql))
        .map((key) => [`${key.on.sql} ${key.operatorClass}`, key] as const),
    ).values(),
  ]
  const changes: IndexDesign[] = []
  const keep = (keys: readonly DesignKey[], equalityKeys: number) =>
    changes.push({ ...design, keys, equalityKeys, include: withoutKeys(design.include, keys) })
  for (let place = 1; place < design.keys.length; place += 1) {
    const keys = [...design.keys]
    ;[keys[place - 1], keys[place]] = [keys[place]!, keys[place - 1]!]
    keep(keys, design.equalityKeys === place ? 0 : design.equalityKeys)
  }
  for (const { include, keys } of relatives) {
    const isNear = keys[0]?.on.sql === design.keys[0]?.on.sql
    if (isNear && include.length > 0)
      changes.push({
        ...design,
        include: withoutKeys([...new Set([...design.include, ...include])], design.keys),
      })
  }
  const predicates = new Map(relatives.map(({ where }) => [where?.sql ?? '', where] as const))
  for (const where of predicates.values()) {
    if (where?.sql !== design.where?.sql) changes.push({ ...design, where })
  }
  if (design.keys.length < MOST_KEYS) {
    for (const key of others) {
      keep([...design.keys, key], design.equalityKeys)
      keep([key, ...design.keys], design.equalityKeys + 1)
      if (design.equalityKeys > 0 && design.equalityKeys < design.keys.length)
        keep(
          [...design.keys.slice(0, design.equalityKeys), key, ...design.keys.slice(design.equalityKeys)],
          design.equalityKeys + 1,
        )
    }
  }
  return unique(changes).filter((each) => identityOf(each) !== identityOf(design))
}

function withoutKeys(include: readonly string[], keys: readonly DesignKey[]): readonly string[] {
  return include.filter((column) => keys.every(({ on }) => on.column !== column))
}

function unique(designs: readonly IndexDesign[]): readonly IndexDesign[] {
  return [...new Map(designs.map(canonical).map((design) => [identityOf(design), design])).values()]
}
