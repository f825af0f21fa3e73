// Records of a team's practice as people and pgsteward would have added them.

import type { GovernanceRecord, RecordKind } from '../../src/model/governance.ts'

type Entry = readonly [at: Date, action: string, body?: Readonly<Record<string, unknown>>]

export function madeRecord(
  kind: RecordKind,
  number: number,
  targetId: string | null,
  entries: readonly Entry[],
): GovernanceRecord {
  return {
    kind,
    number,
    targetId,
    origin: null,
    entries: entries.map(([at, action, body = {}], seq) => ({ seq, at, actor: 'ada', action, body })),
  }
}

const PROPOSAL = { title: 'A change', why: 'why', risk: 'low', plan: 'do', rollback: 'undo' }

export const changeOpened = (at: Date): Entry => [at, 'opened', PROPOSAL]
export const changeApplied = (at: Date): Entry => [at, 'applied', { what: 'done', outcome: 'done' }]
export const changeRolledBack = (at: Date): Entry => [at, 'rolled-back', { what: 'it', reason: 'slower' }]

/** Noticed by a person, in hand and over so many minutes after it began. */
export function madeIncident(
  number: number,
  targetId: string,
  startedAt: Date,
  { acknowledged, resolved }: { readonly acknowledged: number; readonly resolved: number },
  ...more: readonly Entry[]
): GovernanceRecord {
  const after = (minutes: number) => new Date(startedAt.getTime() + minutes * 60_000)
  return madeRecord('incident', number, targetId, [
    [
      after(1),
      'opened',
      { title: 'Checkout hangs', severity: 'critical', startedAt: startedAt.toISOString(), by: 'person' },
    ],
    [after(acknowledged), 'acknowledged', { text: 'mine' }],
    [after(resolved), 'resolved', { text: 'over' }],
    ...more,
  ])
}

/** Reviewed daily; nobody has done any but those that are named. */
export function madeLaunch(
  number: number,
  targetId: string,
  launchedAt: Date,
  dues: readonly Date[],
  ...more: readonly Entry[]
): GovernanceRecord {
  return madeRecord('review', number, targetId, [
    [
      launchedAt,
      'opened',
      {
        title: 'Checkout',
        version: '7.0',
        launchedAt: launchedAt.toISOString(),
        dues: dues.map((due) => ({ every: 'day', due: due.toISOString() })),
        onTimeMs: 86_400_000,
        baseline: null,
      },
    ],
    ...more,
  ])
}
