// A statement whose sorts and hashes don't fit into work_mem: it writes them to disk and reads them back, at every call.

import { z } from 'zod'
import { type SettingOverrideRow, settingOverrides } from '../../facts/setting-overrides.ts'
import { settingBytes, settingNamed, settings } from '../../facts/settings.ts'
import { statementTexts } from '../../facts/statement-texts.ts'
import { statements } from '../../facts/statements.ts'
import { defineCheck } from '../../model/check.ts'
import type { Remedy } from '../../model/finding.ts'
import { parseSize, size } from '../../model/units.ts'
import { ident, literal } from '../../sql/quote.ts'
import { loadEvidence, querySubject, type StatementLoad, statementLoads } from './statement-load.ts'

const MB = 1024 ** 2

export const tempFileSpill = defineCheck({
  id: 'temp-file-spill',
  area: 'query',
  title: 'Statement that spills to temporary files',
  needs: { statements, statementTexts, settings, settingOverrides },
  options: z.object({
    minPerCall: size()
      .prefault('1MB')
      .describe('Less stays in the memory of the operating system and is not felt.'),
    minCalls: z
      .number()
      .int()
      .positive()
      .prefault(5)
      .describe('Within the interval: a monthly report may spill.'),
    warnPerSecond: size()
      .prefault('10MB')
      .describe(
        'Written each second on average: as much is written again when read, a visible part of a cloud disk’s bandwidth.',
      ),
    maxWorkMem: size()
      .prefault('256MB')
      .describe(
        'No remedy beyond this: every sort of every session may take as much, so the statement has to change.',
      ),
  }),
  run({ statements, statementTexts, settings, settingOverrides }, options, { server }) {
    const setting = settingNamed(settings, 'work_mem')
    const serverWorkMem = (setting && settingBytes(setting)) ?? 4 * MB
    return statementLoads(server.database, statements, statementTexts)
      .filter(
        (load) => load.calls >= options.minCalls && load.tempBytesWritten / load.calls >= options.minPerCall,
      )
      .map((load) => {
        const perCall = load.tempBytesWritten / load.calls
        const perSecond = statements.seconds > 0 ? load.tempBytesWritten / statements.seconds : 0
        const override = overrideOf(settingOverrides, load)
        const workMem = (override && bytesOf(override.value)) ?? serverWorkMem
        // a sort takes some three times the memory of its file; powers of two, as people write them
        const neededMb = 2 ** Math.ceil(Math.log2((3 * perCall + workMem) / MB))
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

/** What the statement's first user gets in its database: the narrowest of what ALTER ROLE and ALTER DATABASE say. */
function overrideOf(
  overrides: readonly SettingOverrideRow[],
  load: StatementLoad,
): SettingOverrideRow | undefined {
  const narrowness = (each: SettingOverrideRow) =>
    (each.role === null ? 0 : 2) + (each.database === null ? 0 : 1)
  return overrides
    .filter(
      (each) =>
        each.name === 'work_mem' &&
        (each.role === null || each.role === load.users[0]) &&
        (each.database === null || each.database === load.database),
    )
    .sort((a, b) => narrowness(b) - narrowness(a))[0]
}

/** A bare number counts in kB. */
function bytesOf(value: string): number | null {
  return parseSize(/^\d+$/.test(value) ? `${value}kB` : value)
}

function moreWorkMem(
  load: StatementLoad,
  megabytes: number,
  override: SettingOverrideRow | undefined,
): Remedy {
  const hadIt = override !== undefined && override.role !== null && override.database !== null
  const role = `alter role ${ident(load.users[0] ?? '')} in database ${ident(load.database)}`
  return {
    sql: [`${role} set work_mem = '${megabytes}MB'`],
    undo: [hadIt ? `${role} set work_mem = ${literal(override.value)}` : `${role} reset work_mem`],
    lock: 'none',
    caution:
      'Holds for new sessions of this role. Each sort and hash of each of its sessions may take as much memory at once: multiply by its connections, and leave room. An index that gives the order is better where one can.',
  }
}
