// What a target lacks, in a line each: the short form of `pgsteward doctor`, shown on the overview.

import { diagnose } from '../../evaluate/diagnose.ts'
import { prerequisites } from '../../facts/prerequisites.ts'
import type { Snapshot } from '../../model/fact.ts'
import { isLoopbackUrl, looksPooled } from '../../postgres/pooler.ts'
import { rowsOf } from '../reading.ts'

export function lacksOf(snapshot: Snapshot | null, url: string): readonly string[] {
  const seen = rowsOf(snapshot, prerequisites)?.[0]
  if (snapshot === null || seen === undefined) return []
  const connection = { isLoopback: isLoopbackUrl(url), isPooled: looksPooled(url), statementsError: null }
  return diagnose(snapshot.server, seen, connection)
    .filter((line) => line.status === 'missing' || line.status === 'unavailable')
    .map(
      (line) =>
        `${line.aspect}: ${line.message}${line.lost === undefined ? '' : `; without it: ${line.lost}`}`,
    )
}
