// The very step of a statement that does not fit into work_mem, as a plan that ran tells it: how much it writes, what would hold it.

import { settingOverrides } from '../../facts/setting-overrides.ts'
import { type SettingRow, settingNamed, settings } from '../../facts/settings.ts'
import { statementPlans } from '../../facts/statement-plans.ts'
import { statementTexts } from '../../facts/statement-texts.ts'
import { statements } from '../../facts/statements.ts'
import { defineCheck } from '../../model/check.ts'
import type { Evidence } from '../../model/finding.ts'
import type { Bytes } from '../../model/units.ts'
import type { Spill } from '../../plans/insights/spill.ts'
import { stepName } from '../../plans/insights/words.ts'
import { spillOptions, spillsOf } from './known-spills.ts'
import { skipWithoutPlans } from './planned-statements.ts'
import { loadEvidence, querySubject, statementLoads } from './statement-load.ts'
import { moreWorkMem, workMemOf } from './work-mem.ts'

const MB = 1024 ** 2
const MOST_STEPS = 5

export const spillingSortOrHash = defineCheck({
  id: 'spilling-sort-or-hash',
  area: 'query',
  title: 'Sort or hash that does not fit into work_mem',
  needs: { statements, statementTexts, statementPlans, settings, settingOverrides },
  options: spillOptions,
  run({ statements, statementTexts, statementPlans, settings, settingOverrides }, options, { server }) {
    const skip = skipWithoutPlans(statementPlans)
    if (skip !== null) return skip
    return statementLoads(server.database, statements, statementTexts).flatMap((load) => {
      const perCall = load.calls > 0 ? load.tempBytesWritten / load.calls : 0
      // the counters say that it still does
      if (load.calls < options.minCalls || perCall < options.minPerCall) return []
      const found = spillsOf(load, statementPlans)
      if (found === null) return []
      const perSecond = statements.seconds > 0 ? load.tempBytesWritten / statements.seconds : 0
      const { bytes: workMem, override } = workMemOf(load, settings, settingOverrides)
      const needed = neededWorkMem(found, settings, server.versionNum)
      return [
        {
          subject: querySubject(load),
          severity: perSecond >= options.warnPerSecond ? ('warning' as const) : ('info' as const),
          summary: `The ${stepName(found[0]!.step.node)} of a statement does not fit into work_mem and goes to disk`,
          evidence: [
            ...found.slice(0, MOST_STEPS).map(stepEvidence),
            { label: 'written a call', value: perCall, unit: 'bytes' as const },
            { label: 'reported from', value: options.minPerCall, unit: 'bytes' as const },
            { label: 'written in a second', value: perSecond, unit: 'bytes' as const },
            { label: 'a warning from', value: options.warnPerSecond, unit: 'bytes' as const },
            { label: 'work_mem of the user', value: workMem, unit: 'bytes' as const },
            ...(needed === null || needed <= workMem
              ? []
              : neededEvidence(needed, found.length, settings, options.maxWorkMem)),
            ...loadEvidence(load),
          ],
          ...(needed === null || needed <= workMem || needed > options.maxWorkMem
            ? {}
            : { remedy: moreWorkMem(load, needed / MB, override) }),
        },
      ]
    })
  },
})

/** Each step has work_mem for itself; hashes have a multiple. Null: no step tells. */
function neededWorkMem(
  found: readonly Spill[],
  settings: readonly SettingRow[],
  versionNum: number,
): Bytes | null {
  const set = Number(settingNamed(settings, 'hash_mem_multiplier')?.value)
  const multiplier = Number.isFinite(set) && set > 0 ? set : versionNum >= 150_000 ? 2 : 1
  const needed = found.flatMap(({ step, neededBytes }) => {
    if (neededBytes === null) return []
    const isHash = step.node['Node Type'] === 'Hash' || step.node['Node Type'] === 'Aggregate'
    return [isHash ? neededBytes / multiplier : neededBytes]
  })
  return needed.length === 0 ? null : Math.max(MB, 2 ** Math.ceil(Math.log2(Math.max(...needed))))
}

function stepEvidence({ step, diskBytes }: Spill): Evidence {
  const keys = step.node['Sort Key'] ?? step.node['Group Key']
  const by = Array.isArray(keys) ? ` by ${keys.join(', ').slice(0, 120)}` : ''
  return { label: `${stepName(step.node)}${by}, on disk`, value: diskBytes, unit: 'bytes' }
}

/** The arithmetic that a change for everybody would need, and the smallest change that helps. */
function neededEvidence(
  needed: Bytes,
  steps: number,
  settings: readonly SettingRow[],
  maxWorkMem: Bytes,
): readonly Evidence[] {
  const connections = Number(settingNamed(settings, 'max_connections')?.value)
  return [
    { label: 'work_mem that would hold it, roughly', value: needed, unit: 'bytes' },
    { label: 'proposed up to', value: maxWorkMem, unit: 'bytes' },
    {
      label: 'for this statement alone, in its transaction',
      value: `set local work_mem = '${needed / MB}MB'`,
      unit: 'text',
    },
    ...(Number.isFinite(connections)
      ? [
          {
            label: 'if every connection ran it at once, it would take',
            value: needed * steps * connections,
            unit: 'bytes' as const,
          },
        ]
      : []),
  ]
}
