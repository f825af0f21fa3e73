// A counter in a row that everybody updates: its updates wait for each other, and each leaves a dead row behind.

import { z } from 'zod'
import { blocking } from '../../facts/blocking.ts'
import { statementTexts } from '../../facts/statement-texts.ts'
import { statementWaits } from '../../facts/statement-waits.ts'
import { statements } from '../../facts/statements.ts'
import { tableActivity } from '../../facts/table-activity.ts'
import { tables } from '../../facts/tables.ts'
import { defineCheck } from '../../model/check.ts'
import type { Evidence } from '../../model/finding.ts'
import { rowLockWaits } from './row-lock-waits.ts'
import { loadEvidence, querySubject, statementLoads } from './statement-load.ts'

export const hotRowCounter = defineCheck({
  id: 'hot-row-counter',
  area: 'query',
  title: 'Counter in a row that many transactions update at once',
  needs: { statements, statementTexts, statementWaits, blocking, tables, tableActivity },
  options: z.object({
    minPerSecond: z.number().positive().prefault(1).describe('Updates; below, two of them hardly ever meet.'),
    minWaiting: z
      .number()
      .positive()
      .prefault(0.05)
      .describe('Mean number of sessions that wait for the row: three seconds of each minute are lost.'),
    minPerRowSecond: z
      .number()
      .positive()
      .prefault(20)
      .describe(
        'Updates of each row of the table in a second, whether anybody waits or not: a row that is locked for some 5 ms by each is held a tenth of the time.',
      ),
    warnWaiting: z
      .number()
      .positive()
      .prefault(0.5)
      .describe(
        'Half a connection is lost to waiting all the time, as samples show; one moment is never a warning.',
      ),
  }),
  run({ statements, statementTexts, statementWaits, blocking, tables, tableActivity }, options, { server }) {
    const traits = new Map(statementTexts.map((row) => [row.queryId, row.traits ?? null]))
    const waits = rowLockWaits(statementWaits, blocking, server.database)
    return statementLoads(server.database, statements, statementTexts).flatMap((load) => {
      const known = traits.get(load.queryId)
      const counter = known?.increments[0]
      if (known?.kind !== 'update' || counter === undefined || load.callsPerSecond < options.minPerSecond)
        return []
      const [named] = counter.of
      const isNamed = (row: { readonly schema: string; readonly name: string }) =>
        row.name === named?.name && (named.schema ?? row.schema) === row.schema
      const table = tables.find(isNamed)
      const { waiting, isSampled } = waits.get(load.queryId) ?? { waiting: 0, isSampled: false }
      // a counter in each of a million rows is nobody's bottleneck
      const perRow =
        table === undefined ? 0 : (load.callsPerSecond * load.rowsPerCall) / Math.max(1, table.rows)
      if (waiting < options.minWaiting && perRow < options.minPerRowSecond) return []
      const activity = tableActivity.rows.find(isNamed)
      return [
        {
          subject: querySubject(load),
          severity: isSampled && waiting >= options.warnWaiting ? ('warning' as const) : ('info' as const),
          // no remedy: a counter is taken apart in the application
          summary: `The counter ${counter.column} of ${named?.name ?? 'a table'} is updated by many transactions at once`,
          evidence: [
            { label: 'updates', value: load.callsPerSecond, unit: 'perSecond' as const },
            { label: 'sessions that wait for the row', value: waiting, unit: 'count' as const },
            { label: 'reported from', value: options.minWaiting, unit: 'count' as const },
            { label: 'updates of each row of the table', value: perRow, unit: 'perSecond' as const },
            { label: 'reported from', value: options.minPerRowSecond, unit: 'perSecond' as const },
            ...(table === undefined
              ? []
              : [
                  { label: 'rows of the table', value: table.rows, unit: 'count' as const },
                  { label: 'dead rows', value: table.deadTuples, unit: 'count' as const },
                ]),
            ...hotEvidence(activity),
            ...loadEvidence(load),
          ],
        },
      ]
    })
  },
})

function hotEvidence(
  activity: { readonly updates: number; readonly hotUpdates: number } | undefined,
): readonly Evidence[] {
  if (activity === undefined || activity.updates === 0) return []
  return [
    {
      label: 'updates that stay on their page (HOT)',
      value: activity.hotUpdates / activity.updates,
      unit: 'ratio',
    },
  ]
}
