// A database whose oldest rows are not frozen in time: in the end PostgreSQL stops handing out transaction ids, and all writes fail.

import { z } from 'zod'
import { databaseAges } from '../../facts/database-ages.ts'
import { settingNamed, settings } from '../../facts/settings.ts'
import { tables } from '../../facts/tables.ts'
import { defineCheck } from '../../model/check.ts'

/** Ids compare on a circle of 2^32; the server refuses writes 3 million before half of it. */
export const STOP_AT = 2 ** 31 - 3_000_000

export const wraparound = defineCheck({
  id: 'wraparound',
  area: 'vacuum',
  title: 'Transaction ids run out',
  needs: { databaseAges, settings, tables },
  options: z.object({
    overdueFactor: z
      .number()
      .min(1)
      .default(2)
      .describe(
        'Times autovacuum_freeze_max_age (200 million by default; 400 million for multixacts): at 1 the vacuum against wraparound starts, at 2 it has failed to finish.',
      ),
    warnAge: z
      .number()
      .default(1_000_000_000)
      .describe('A warning from here in any case: half of the ids are used, however high the setting.'),
    criticalAge: z
      .number()
      .default(1_600_000_000)
      .describe('vacuum_failsafe_age, where PostgreSQL itself drops every brake; three quarters are used.'),
  }),
  run({ databaseAges, settings, tables }, { overdueFactor, warnAge, criticalAge }, { server }) {
    const startsAt = (name: string, fallback: number) =>
      Number(settingNamed(settings, name)?.value ?? fallback)
    const freezeMaxAge = startsAt('autovacuum_freeze_max_age', 200_000_000)
    const multixactMaxAge = startsAt('autovacuum_multixact_freeze_max_age', 400_000_000)
    return databaseAges.flatMap((database) => {
      const kinds = [
        { word: 'transaction', age: database.frozenXidAge, due: freezeMaxAge, of: 'frozenXidAge' as const },
        { word: 'multixact', age: database.multixactAge, due: multixactMaxAge, of: 'multixactAge' as const },
      ]
      const nearest = kinds
        .filter(({ age, due }) => age >= Math.min(overdueFactor * due, warnAge))
        .sort((a, b) => b.age - a.age)[0]
      if (nearest === undefined) return []
      const { word, age, due, of } = nearest
      const isConnected = database.database === server.database
      const oldest = tables.reduce((a, b) => ((b[of] ?? 0) > (a?.[of] ?? 0) ? b : a), tables[0])
      return [
        {
          subject: { kind: 'database' as const, name: database.database },
          severity: age >= criticalAge ? ('critical' as const) : ('warning' as const),
          summary: `Database ${database.database} uses up its ${word} ids: rows are not frozen in time`,
          evidence: [
            { label: `age of the oldest unfrozen ${word} id`, value: age, unit: 'count' as const },
            { label: 'vacuum against wraparound starts at', value: due, unit: 'count' as const },
            { label: 'reported from', value: Math.min(overdueFactor * due, warnAge), unit: 'count' as const },
            { label: 'the server refuses writes at', value: STOP_AT, unit: 'count' as const },
            ...(isConnected && oldest !== undefined
              ? [{ label: 'oldest table', value: `${oldest.schema}.${oldest.name}`, unit: 'text' as const }]
              : []),
          ],
          // VACUUM reaches only the database that one is connected to
          ...(isConnected
            ? {
                remedy: {
                  sql: ['vacuum (freeze)'],
                  // frozen rows have no way back, and need none
                  undo: null,
                  lock: 'share update exclusive' as const,
                  caution:
                    'Reads every page that is not all frozen, of all tables, and needs the right to vacuum them. End old transactions, prepared ones and unused slots first: they keep it from freezing.',
                },
              }
            : {}),
        },
      ]
    })
  },
})
