// When the vacuum against wraparound comes, and when ids run out, at the rate at which they are used.

import { z } from 'zod'
import { databaseAges } from '../../facts/database-ages.ts'
import { type SettingRow, settings } from '../../facts/settings.ts'
import { type TableRow, tables } from '../../facts/tables.ts'
import { transactionIdRates } from '../../facts/transaction-id-rates.ts'
import { transactionIds } from '../../facts/transaction-ids.ts'
import { defineCheck } from '../../model/check.ts'
import type { Evidence, Remedy } from '../../model/finding.ts'
import { duration, type Milliseconds, size } from '../../model/units.ts'
import { qualified } from '../../sql/quote.ts'
import { type IdHorizon, idHorizons, idRates } from './id-horizons.ts'
import { parameterOf } from './storage-parameters.ts'

/** One after the other, and each takes long: more are better left to the night after. */
const MOST_FROZEN = 5

export const wraparoundForecast = defineCheck({
  id: 'wraparound-forecast',
  area: 'vacuum',
  title: 'Transaction ids will run out, or a large vacuum against it comes soon',
  needs: { databaseAges, settings, tables, transactionIds, transactionIdRates },
  options: z.object({
    warnWithin: duration()
      .prefault('14d')
      .describe(
        'Until writes are refused, once vacuum is late: finding and ending what holds it takes days.',
      ),
    criticalWithin: duration()
      .prefault('3d')
      .describe('A vacuum of terabytes takes as long; later is too late to begin.'),
    noticeWithin: duration()
      .prefault('3d')
      .describe('Until the vacuum against wraparound comes by itself: time to do it in a quiet night.'),
    minTableBytes: size()
      .prefault('10GB')
      .describe(
        'Of a table that it reads: smaller ones take minutes. It does not give way to others that want the table.',
      ),
  }),
  run({ databaseAges, settings, tables, transactionIds, transactionIdRates }, options, { server }) {
    const rates = idRates(transactionIdRates, transactionIds)
    if (rates === null) return { skip: 'no increase of the ids handed out is known yet' }
    return databaseAges.flatMap((database) => {
      const [nearest] = idHorizons(database, rates, settings)
        .flatMap((horizon) => {
          const isLate = horizon.dueInMs <= 0 && horizon.stopInMs <= options.warnWithin
          const isSoon = horizon.dueInMs > 0 && horizon.dueInMs <= options.noticeWithin
          const concerned =
            // which tables it will read only the connected database tells
            database.database === server.database
              ? tablesWithin(isLate ? 0 : options.noticeWithin, horizon, tables, settings)
              : []
          const large = concerned.filter(({ totalBytes }) => totalBytes >= options.minTableBytes)
          return isLate || (isSoon && large.length > 0)
            ? [{ ...horizon, isLate, tables: isLate ? concerned : large }]
            : []
        })
        .sort((a, b) => Number(b.isLate) - Number(a.isLate) || a.stopInMs - b.stopInMs)
      if (nearest === undefined) return []
      const { word, isLate, stopInMs } = nearest
      const bytes = nearest.tables.reduce((sum, table) => sum + table.totalBytes, 0)
      const known: readonly Evidence[] = [
        { label: 'size of the tables to freeze', value: bytes, unit: 'bytes' },
        { label: 'tables', value: namesOf(nearest.tables), unit: 'text' },
      ]
      return [
        {
          subject: { kind: 'database' as const, name: database.database },
          severity: !isLate
            ? ('info' as const)
            : stopInMs <= options.criticalWithin
              ? ('critical' as const)
              : ('warning' as const),
          summary: isLate
            ? `Database ${database.database} will have used up its ${word} ids within days: vacuum against it is late`
            : `A vacuum against wraparound of large tables in ${database.database} comes soon, and gives way to nobody`,
          evidence: [
            { label: `${word} ids used`, value: nearest.perSecond, unit: 'perSecond' as const },
            {
              label: 'measured over',
              value: rates.hours === null ? 'the last minutes' : `${rates.hours} hours of the last day`,
              unit: 'text' as const,
            },
            { label: `age of the oldest unfrozen ${word} id`, value: nearest.age, unit: 'count' as const },
            { label: 'vacuum against wraparound starts at', value: nearest.dueAge, unit: 'count' as const },
            ...(isLate ? [] : [{ label: 'it starts in', value: nearest.dueInMs, unit: 'ms' as const }]),
            { label: 'the server refuses writes in', value: stopInMs, unit: 'ms' as const },
            {
              label: 'reported within',
              value: isLate ? options.warnWithin : options.noticeWithin,
              unit: 'ms' as const,
            },
            ...(nearest.tables.length === 0 ? [] : known),
          ],
          ...(nearest.tables.length === 0 ? {} : { remedy: freezing(nearest.tables) }),
        },
      ]
    })
  },
})

/** Tables that reach their age within the time, the oldest first. */
function tablesWithin(
  ms: Milliseconds,
  { of, setting, perSecond, dueAge }: IdHorizon,
  tables: readonly TableRow[],
  settings: readonly SettingRow[],
): readonly TableRow[] {
  const ageThen = (table: TableRow) => (table[of] ?? 0) + (perSecond * ms) / 1000
  return tables
    .filter((table) => ageThen(table) >= Math.min(dueAge, parameterOf(table, settings, setting) ?? dueAge))
    .sort((a, b) => ageThen(b) - ageThen(a))
}

function namesOf(tables: readonly TableRow[]): string {
  const names = tables.slice(0, MOST_FROZEN).map(({ schema, name }) => `${schema}.${name}`)
  return names.join(', ') + (tables.length > MOST_FROZEN ? ` and ${tables.length - MOST_FROZEN} more` : '')
}

function freezing(tables: readonly TableRow[]): Remedy {
  return {
    sql: tables.slice(0, MOST_FROZEN).map(({ schema, name }) => `vacuum (freeze) ${qualified(schema, name)}`),
    // frozen rows have no way back, and need none
    undo: null,
    lock: 'share update exclusive',
    caution:
      'Reads every page that is not all frozen; at a quiet time. Old transactions, prepared ones and unused slots keep it from freezing: end them first.',
  }
}
