// A statement whose sorts and hashes don't fit into work_mem: it writes them to disk and reads them back, at every call.

import { settingOverrides } from '../../facts/setting-overrides.ts'
import { settings } from '../../facts/settings.ts'
import { statementPlans } from '../../facts/statement-plans.ts'
import { statementTexts } from '../../facts/statement-texts.ts'
import { statements } from '../../facts/statements.ts'
import { defineCheck } from '../../model/check.ts'
import { spillOptions, spillsOf } from './known-spills.ts'
import { loadEvidence, querySubject, statementLoads } from './statement-load.ts'
import { heldByMb, moreWorkMem, workMemOf } from './work-mem.ts'

const MB = 1024 ** 2

export const tempFileSpill = defineCheck({
  id: 'temp-file-spill',
  area: 'query',
  title: 'Statement that spills to temporary files',
  needs: { statements, statementTexts, statementPlans, settings, settingOverrides },
  options: spillOptions,
  run({ statements, statementTexts, statementPlans, settings, settingOverrides }, options, { server }) {
    return statementLoads(server.database, statements, statementTexts)
      .filter(
        (load) =>
          load.calls >= options.minCalls &&
          load.tempBytesWritten / load.calls >= options.minPerCall &&
          // where a plan tells which step it is, spilling-sort-or-hash tells the story
          spillsOf(load, statementPlans) === null,
      )
      .map((load) => {
        const perCall = load.tempBytesWritten / load.calls
        const perSecond = statements.seconds > 0 ? load.tempBytesWritten / statements.seconds : 0
        const { bytes: workMem, override } = workMemOf(load, settings, settingOverrides)
        const neededMb = heldByMb(perCall, workMem)
        return {
          subject: querySubject(load),
          severity: perSecond >= options.warnPerSecond ? ('warning' as const) : ('info' as const),
          summary:
            'A statement writes temporary files at every call, since its work does not fit into work_mem',
          evidence: [
            { label: 'written a call', value: perCall, unit: 'bytes' as const },
            { label: 'reported from', value: options.minPerCall, unit: 'bytes' as const },
            { label: 'written in a second', value: perSecond, unit: 'bytes' as const },
            { label: 'a warning from', value: options.warnPerSecond, unit: 'bytes' as const },
            { label: 'work_mem of the user', value: workMem, unit: 'bytes' as const },
            ...loadEvidence(load),
          ],
          ...(neededMb * MB <= options.maxWorkMem ? { remedy: moreWorkMem(load, neededMb, override) } : {}),
        }
      })
  },
})
