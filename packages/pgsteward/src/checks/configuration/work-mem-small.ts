// work_mem too small for what is asked commonly: several statements spill at every call, and one value for all of them would hold most.

import { z } from 'zod'
import { connections } from '../../facts/connections.ts'
import { settingOverrides } from '../../facts/setting-overrides.ts'
import { settingBytes, settingNamed, settings } from '../../facts/settings.ts'
import { statementTexts } from '../../facts/statement-texts.ts'
import { statements } from '../../facts/statements.ts'
import { defineCheck } from '../../model/check.ts'
import type { Remedy } from '../../model/finding.ts'
import { size } from '../../model/units.ts'
import { ident } from '../../sql/quote.ts'
import { queryExcerpt } from '../query/query-excerpt.ts'
import { statementLoads } from '../query/statement-load.ts'
import { heldByMb, workMemOf } from '../query/work-mem.ts'

const MB = 1024 ** 2
const MOST_NAMED = 3

export const workMemSmall = defineCheck({
  id: 'work-mem-small',
  area: 'configuration',
  title: 'work_mem that several statements do not fit into',
  needs: { statements, statementTexts, settings, settingOverrides, connections },
  options: z.object({
    minStatements: z
      .number()
      .int()
      .min(2)
      .prefault(3)
      .describe('That spill: for one or two more memory for their role is enough (temp-file-spill).'),
    minPerCall: size()
      .prefault('1MB')
      .describe('Written a call: less stays in the memory of the operating system and is not felt.'),
    minCalls: z.number().int().positive().prefault(5).describe('Within the interval: a report may spill.'),
    coverage: z
      .number()
      .gt(0)
      .max(1)
      .prefault(0.8)
      .describe(
        'Of the calls that spill, those that the advised value would hold. The largest are for their role.',
      ),
    ofSharedBuffers: z
      .number()
      .positive()
      .prefault(1)
      .describe(
        'All connections with one sort each may take this many times shared_buffers: mostly a quarter of the memory, and the only part of it that SQL shows.',
      ),
  }),
  run({ statements, statementTexts, settings, settingOverrides, connections }, options, { server }) {
    const setting = settingNamed(settings, 'work_mem')
    const workMem = setting && settingBytes(setting)
    const shared = settingNamed(settings, 'shared_buffers')
    const [row] = connections
    if (workMem == null || row === undefined) return []
    const spilling = statementLoads(server.database, statements, statementTexts)
      .filter(
        (load) =>
          load.calls >= options.minCalls &&
          load.tempBytesWritten / load.calls >= options.minPerCall &&
          // somebody has thought about those
          workMemOf(load, settings, settingOverrides).override === undefined,
      )
      .map((load) => ({ ...load, neededMb: heldByMb(load.tempBytesWritten / load.calls, workMem) }))
      .sort((a, b) => a.neededMb - b.neededMb)
    if (spilling.length < options.minStatements) return []
    const calls = spilling.reduce((sum, load) => sum + load.calls, 0)
    const advised = neededFor(spilling, options.coverage * calls) * MB
    const budget = options.ofSharedBuffers * ((shared && settingBytes(shared)) ?? 0)
    const sessions = Math.max(1, row.total)
    const isAffordable = advised * sessions <= budget
    const written = spilling.reduce((sum, load) => sum + load.tempBytesWritten, 0)
    const heaviest = spilling.toSorted((a, b) => b.tempBytesWritten - a.tempBytesWritten)
    return [
      {
        subject: { kind: 'setting', name: 'work_mem' },
        severity: 'info',
        summary: isAffordable
          ? 'Several statements write temporary files at every call, which a larger work_mem would hold'
          : 'Several statements write temporary files at every call, and there is no memory to hold them for all sessions',
        evidence: [
          { label: 'statements that spill', value: spilling.length, unit: 'count' },
          { label: 'reported from', value: options.minStatements, unit: 'count' },
          { label: 'their calls', value: calls / Math.max(1, statements.seconds), unit: 'perSecond' },
          { label: 'written in a second', value: written / Math.max(1, statements.seconds), unit: 'bytes' },
          { label: 'work_mem', value: workMem, unit: 'bytes' },
          { label: 'would hold most of them', value: advised, unit: 'bytes' },
          { label: 'connections', value: sessions, unit: 'count' },
          { label: 'with one sort each', value: advised * sessions, unit: 'bytes' },
          { label: 'advised up to', value: budget, unit: 'bytes' },
          {
            label: 'the heaviest',
            value: heaviest
              .slice(0, MOST_NAMED)
              .map(({ text, queryId }) => queryExcerpt(text) || queryId)
              .join('; '),
            unit: 'text',
          },
        ],
        ...(isAffordable ? { remedy: forDatabase(server.database, advised / MB) } : {}),
      },
    ]
  },
})

/** In MB: the least that holds so many calls, of statements by what they need. */
function neededFor(
  statements: readonly { readonly calls: number; readonly neededMb: number }[],
  calls: number,
): number {
  let held = 0
  for (const statement of statements) {
    held += statement.calls
    if (held >= calls) return statement.neededMb
  }
  return statements.at(-1)?.neededMb ?? 0
}

function forDatabase(database: string, megabytes: number): Remedy {
  const alter = `alter database ${ident(database)}`
  return {
    sql: [`${alter} set work_mem = '${megabytes}MB'`],
    undo: [`${alter} reset work_mem`],
    lock: 'none',
    caution:
      'Holds for new sessions. Each sort and hash of a statement may take as much at once, parallel workers too: watch the memory of the machine for a day.',
  }
}
