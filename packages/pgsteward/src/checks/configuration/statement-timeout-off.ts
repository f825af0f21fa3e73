// A role whose statements take milliseconds, without a limit for the one that ran for minutes: its client gave up long before.
// For a role in a database only: PostgreSQL's manual advises against a limit for the whole server, since it hits dumps and migrations.

import { z } from 'zod'
import { settingOverrides } from '../../facts/setting-overrides.ts'
import { settingNamed, settings } from '../../facts/settings.ts'
import { statementTexts } from '../../facts/statement-texts.ts'
import { statements } from '../../facts/statements.ts'
import { defineCheck } from '../../model/check.ts'
import { duration } from '../../model/units.ts'
import { ident } from '../../sql/quote.ts'
import { queryExcerpt } from '../query/query-excerpt.ts'
import { isMaintenance } from '../query/statement-load.ts'

const NAME = 'statement_timeout'

export const statementTimeoutOff = defineCheck({
  id: 'statement-timeout-off',
  area: 'configuration',
  title: 'Role of short statements without a limit for long ones',
  needs: { statements, statementTexts, settings, settingOverrides },
  options: z.object({
    ranFor: duration()
      .prefault('2m')
      .describe(
        'By one call: balancers and browsers give up after 30 s to a minute, and nobody reads the answer.',
      ),
    usually: duration()
      .prefault('1s')
      .describe('Mean of each of the role’s statements, at most: a role that runs reports needs its time.'),
    minCalls: z
      .number()
      .int()
      .positive()
      .prefault(100)
      .describe('Of the role within the interval: fewer do not show how it works.'),
    advised: duration()
      .prefault('30s')
      .describe('Thirty times the longest mean that is looked at, and as long as a client waits.'),
  }),
  run({ statements, statementTexts, settings, settingOverrides }, options, { server }) {
    if (settingNamed(settings, NAME)?.value !== '0') return []
    const textOf = new Map(statementTexts.map((row) => [row.queryId, row.text]))
    const here = statements.rows.filter(
      (row) => row.database === server.database && row.isTopLevel && row.calls > 0,
    )
    return [...Map.groupBy(here, ({ user }) => user)].flatMap(([role, rows]) => {
      const calls = rows.reduce((sum, row) => sum + row.calls, 0)
      const worst = rows.reduce((a, b) => (b.maxExecMs > a.maxExecMs ? b : a))
      const longestMean = Math.max(...rows.map((row) => row.totalExecMs / row.calls))
      const isLimited = settingOverrides.some(
        (each) =>
          each.name === NAME &&
          (each.role === null || each.role === role) &&
          (each.database === null || each.database === server.database),
      )
      const isOurs =
        calls >= options.minCalls &&
        worst.maxExecMs >= options.ranFor &&
        longestMean <= options.usually &&
        // whoever vacuums, copies or migrates must not be cut off
        !rows.some((row) => isMaintenance(textOf.get(row.queryId) ?? ''))
      if (isLimited || !isOurs) return []
      const alter = `alter role ${ident(role)} in database ${ident(server.database)}`
      return [
        {
          subject: { kind: 'role' as const, name: role },
          severity: 'info' as const,
          summary: `Statements of ${role} take moments, one ran for minutes, and no limit would have ended it`,
          evidence: [
            { label: 'longest call', value: worst.maxExecMs, unit: 'ms' as const },
            { label: 'reported from', value: options.ranFor, unit: 'ms' as const },
            {
              label: 'its statement',
              value: queryExcerpt(textOf.get(worst.queryId) ?? '') || 'text not known',
              unit: 'text' as const,
            },
            { label: 'its mean time now', value: worst.totalExecMs / worst.calls, unit: 'ms' as const },
            { label: 'longest mean of any statement', value: longestMean, unit: 'ms' as const },
            { label: 'looked at up to', value: options.usually, unit: 'ms' as const },
            { label: 'calls', value: calls, unit: 'count' as const },
            { label: 'advised', value: options.advised, unit: 'ms' as const },
          ],
          remedy: {
            sql: [`${alter} set ${NAME} = '${options.advised}ms'`],
            undo: [`${alter} reset ${NAME}`],
            lock: 'none' as const,
            caution:
              'For new sessions of this role. What takes longer fails with 57014: run migrations and exports as another role, or with SET LOCAL statement_timeout.',
          },
        },
      ]
    })
  },
})
