// The same database on other servers that are watched too (standbys of a primary, the primary of a standby), with their own counts of
// scans: what one server never uses another may.

import { defineStoredFact, type Memory } from '../model/fact.ts'
import { type IdentityRow, identity } from './identity.ts'
import { type IndexRow, indexes } from './indexes.ts'

export interface Replica {
  readonly targetId: string
  readonly isStandby: boolean
  readonly countedSince: Date | null
  readonly indexes: readonly IndexRow[]
}

/** What was read longer ago tells of a server that is gone or not reached. */
const KEPT_MS = 24 * 60 * 60_000

export const replicas = defineStoredFact<readonly Replica[]>({
  id: 'replicas',
  title: 'The same database on other watched servers of the cluster, with the scans of its indexes',
  keptFor: 5 * 60_000,
  withoutStore: [],
  read: readReplicas,
})

export async function readReplicas(memory: Memory, targetId: string, now: Date): Promise<readonly Replica[]> {
  const known = (await memory.documents(identity.id)).flatMap(({ targetId, at, rows }) =>
    (rows as readonly IdentityRow[]).map((row) => ({ ...row, targetId, at })),
  )
  const self = known.find((each) => each.targetId === targetId)
  const same = known.filter(
    (each) =>
      each.targetId !== targetId &&
      each.systemIdentifier === self?.systemIdentifier &&
      each.database === self.database &&
      now.getTime() - each.at.getTime() < KEPT_MS,
  )
  const read = same.map(async ({ targetId, isStandby, countedSince }) => {
    const found = await memory.document(targetId, indexes.id)
    const isFresh = found !== null && now.getTime() - found.at.getTime() < KEPT_MS
    return isFresh ? [{ targetId, isStandby, countedSince, indexes: found.rows as readonly IndexRow[] }] : []
  })
  return (await Promise.all(read)).flat()
}
