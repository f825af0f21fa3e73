// Where what stands differs from what is wanted. What is not wanted is not looked at: New Relic adds fields of its own.

import type { Input } from './wanted.ts'

export interface Difference {
  /** `terms.CRITICAL.threshold` */
  readonly path: string
  readonly from: unknown
  readonly to: unknown
}

export function differencesOf(wanted: Input, standing: Input): readonly Difference[] {
  return differences(wanted, standing, '')
}

/** Of lists whose order means nothing: what tells their members apart. */
const KEY_OF: Readonly<Record<string, (member: Input) => string>> = {
  terms: ({ priority }) => String(priority),
  properties: ({ key }) => String(key),
  widgets: ({ layout }) => `${(layout as Input)?.row}/${(layout as Input)?.column}`,
  destinationConfigurations: ({ channelId }) => String(channelId),
}
/** Lists of plain values whose order means nothing. */
const SETS: ReadonlySet<string> = new Set(['values', 'notificationTriggers'])

function differences(wanted: unknown, standing: unknown, path: string): readonly Difference[] {
  if (Array.isArray(wanted)) return listDifferences(wanted, standing, path)
  if (typeof wanted === 'object' && wanted !== null) {
    if (typeof standing !== 'object' || standing === null)
      return [{ path, from: standing ?? null, to: wanted }]
    return Object.entries(wanted).flatMap(([key, value]) =>
      differences(value, (standing as Input)[key], path === '' ? key : `${path}.${key}`),
    )
  }
  return wanted === standing || (wanted === null && standing === undefined)
    ? []
    : [{ path, from: standing ?? null, to: wanted }]
}

function listDifferences(wanted: readonly unknown[], standing: unknown, path: string): readonly Difference[] {
  if (!Array.isArray(standing) || standing.length !== wanted.length)
    return [{ path, from: standing ?? null, to: wanted }]
  const name = path.slice(path.lastIndexOf('.') + 1)
  if (SETS.has(name)) {
    const sorted = (values: readonly unknown[]) => JSON.stringify([...values].sort())
    return sorted(wanted) === sorted(standing) ? [] : [{ path, from: standing, to: wanted }]
  }
  const keyOf = KEY_OF[name]
  if (keyOf === undefined)
    return wanted.flatMap((value, index) => differences(value, standing[index], `${path}.${index}`))
  return wanted.flatMap((value) => {
    const key = keyOf(value as Input)
    return differences(
      value,
      standing.find((each) => keyOf(each) === key),
      `${path}.${key}`,
    )
  })
}
