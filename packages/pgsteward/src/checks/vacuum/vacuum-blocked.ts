// Vacuum runs but may not remove: something old could still see the dead rows.

import { z } from 'zod'
import { type ActivityRow, activity } from '../../facts/activity.ts'
import { tables } from '../../facts/tables.ts'
import { type XminHolderRow, xminHolders } from '../../facts/xmin-holders.ts'
import { defineCheck } from '../../model/check.ts'
import type { Remedy, Subject } from '../../model/finding.ts'
import { duration } from '../../model/units.ts'
import { literal } from '../../sql/quote.ts'
import { endSession, sessionSubject } from '../availability/session.ts'

export const vacuumBlocked = defineCheck({
  id: 'vacuum-blocked',
  area: 'vacuum',
  title: 'Something old keeps vacuum from removing dead rows',
  needs: { xminHolders, activity, tables },
  options: z.object({
    minHeld: duration()
      .prefault('1h')
      .describe('Reports and dumps hold a snapshot for minutes; dead rows of an hour are worth a look.'),
    minXminAge: z
      .number()
      .default(1_000_000)
      .describe(
        'For slots and standbys, which tell no time: a million transactions is an hour of a busy application.',
      ),
    minDeadTuples: z
      .number()
      .default(10_000)
      .describe('In one table, and over its autovacuum threshold: without dead rows nothing is held back.'),
  }),
  run({ xminHolders, activity, tables }, { minHeld, minXminAge, minDeadTuples }, { server }) {
    const waiting = tables.filter(
      (table) => table.deadTuples >= Math.max(minDeadTuples, table.vacuumThreshold),
    )
    const oldest = xminHolders.find(
      (holder) =>
        (holder.database === null || holder.database === server.database) &&
        holder.detail !== 'catalogs only' &&
        (holder.heldMs === null ? holder.xminAge >= minXminAge : holder.heldMs >= minHeld),
    )
    if (oldest === undefined || waiting.length === 0) return []
    const session =
      oldest.kind === 'backend' ? activity.find((each) => String(each.pid) === oldest.name) : undefined
    const worst = waiting.reduce((a, b) => (b.deadTuples > a.deadTuples ? b : a))
    return [
      {
        subject: subjectOf(oldest, session),
        severity: 'warning' as const,
        summary: `Vacuum can't remove dead rows while ${oldest.kind} ${oldest.name} may still see them`,
        evidence: [
          { label: 'transactions begun since', value: oldest.xminAge, unit: 'count' as const },
          ...(oldest.heldMs === null
            ? []
            : [{ label: 'held for', value: oldest.heldMs, unit: 'ms' as const }]),
          {
            label: 'reported from',
            value: oldest.heldMs === null ? minXminAge : minHeld,
            unit: oldest.heldMs === null ? ('count' as const) : ('ms' as const),
          },
          { label: 'state', value: oldest.detail, unit: 'text' as const },
          { label: 'tables over their vacuum threshold', value: waiting.length, unit: 'count' as const },
          {
            label: `dead rows in ${worst.schema}.${worst.name}`,
            value: worst.deadTuples,
            unit: 'count' as const,
          },
        ],
        ...remedyFor(oldest, session),
      },
    ]
  },
})

function subjectOf(holder: XminHolderRow, session: ActivityRow | undefined): Subject {
  if (session !== undefined) return sessionSubject(session)
  switch (holder.kind) {
    case 'backend':
      return { kind: 'backend', name: holder.name }
    case 'standby':
      return { kind: 'replica', name: holder.name }
    case 'slot':
      return { kind: 'slot', name: holder.name }
    case 'prepared transaction':
      return { kind: 'server' }
  }
}

/** Slots and standbys: whether anyone still wants them is not for us to say. */
function remedyFor(holder: XminHolderRow, session: ActivityRow | undefined): { remedy?: Remedy } {
  if (session !== undefined)
    return { remedy: endSession('terminate', session, 'Closes the session in mid-work.') }
  if (holder.kind !== 'prepared transaction') return {}
  return {
    remedy: {
      sql: [`rollback prepared ${literal(holder.name)}`],
      // what it did is gone; its transaction manager has to do it again
      undo: null,
      lock: 'none',
      caution:
        'Ask its transaction manager first: it may have promised to commit. Needs its owner or a superuser.',
    },
  }
}
