// A trigger that was disabled, for a bulk load most often, and never enabled again: the rule it enforces is silently off.

import { z } from 'zod'
import { type DisabledTriggerRow, disabledTriggers } from '../../facts/disabled-triggers.ts'
import { defineCheck } from '../../model/check.ts'
import type { Remedy } from '../../model/finding.ts'
import { ident, qualified } from '../../sql/quote.ts'

export const disabledTrigger = defineCheck({
  id: 'disabled-trigger',
  area: 'configuration',
  title: 'Trigger that is disabled',
  needs: { disabledTriggers },
  // a load that disables them in one transaction and enables them in a later one is not over sooner
  holdMs: 3_600_000,
  options: z.object({
    ignore: z
      .array(z.string())
      .prefault([])
      .describe('Names of triggers kept disabled on purpose; those of constraints are always told.'),
  }),
  run({ disabledTriggers }, { ignore }) {
    const rows = disabledTriggers.filter(
      (row) => row.extension === null && !(row.kind === 'trigger' && ignore.includes(row.name)),
    )
    // partitions inherit most triggers, and a load disables all of a table: one finding where they were declared
    const byTable = Object.groupBy(rows, (row) => qualified(row.declaredSchema, row.declaredTable))
    return Object.values(byTable).flatMap((triggers) => {
      const silenced = triggers!.filter((row) => row.wouldFire)
      const [first] = silenced
      if (first === undefined) return []
      const table = first.declaredTable
      const byRule = [...new Map(silenced.map((row) => [ruleName(row), row])).values()]
      const constraints = byRule.filter((row) => row.kind !== 'trigger')
      const rules = [...constraints, ...byRule.filter((row) => row.kind === 'trigger')]
      return {
        subject: {
          kind: 'table' as const,
          database: first.database,
          schema: first.declaredSchema,
          name: table,
        },
        severity: constraints.length > 0 ? ('warning' as const) : ('info' as const),
        summary:
          constraints.length > 0
            ? `Table ${table} does not enforce ${constraints.map(ruleName).join(', ')}: the triggers behind it are disabled`
            : `Table ${table} has disabled triggers: ${rules.map((row) => row.rule).join(', ')}`,
        evidence: [
          ...rules.map((row) => ({
            label: ruleName(row),
            value: row.definition,
            unit: 'text' as const,
          })),
          { label: 'disabled triggers', value: silenced.length, unit: 'count' as const },
          { label: 'reported from', value: 1, unit: 'count' as const },
        ],
        remedy: enable(triggers!, constraints.length > 0),
      }
    })
  },
})

/** A foreign key is switched off on either side; on the referenced one it is another table's. */
function ruleName(row: DisabledTriggerRow): string {
  return row.ruleTable === row.declaredTable
    ? `${row.kind} ${row.rule}`
    : `${row.kind} ${row.rule} of ${row.ruleTable}`
}

/** One by one: ENABLE TRIGGER ALL would also turn those that fire on replicas alone, or always, into ordinary ones. */
function enable(triggers: readonly DisabledTriggerRow[], hasConstraints: boolean): Remedy {
  const alter = (row: DisabledTriggerRow, change: 'enable' | 'disable') =>
    `alter table ${row.isPartitioned ? 'only ' : ''}${qualified(row.schema, row.table)} ${change} trigger ${ident(row.name)}`
  return {
    sql: triggers.map((row) => alter(row, 'enable')),
    undo: triggers.map((row) => alter(row, 'disable')),
    lock: 'share row exclusive',
    caution: hasConstraints
      ? "Waits for running writes and then takes a moment. Needs a superuser, since a constraint's triggers are internal. Rows written meanwhile are not looked at, and VALIDATE CONSTRAINT passes over them: find those that break the rule first."
      : 'Waits for running writes and then takes a moment. Fires for new changes alone: what it should have done meanwhile stays undone. Ask first why it was disabled.',
  }
}
