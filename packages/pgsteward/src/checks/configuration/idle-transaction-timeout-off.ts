// Nothing ends a session that forgot its open transaction: its locks stay, and vacuum can't clean up behind it.
// statement_timeout is for roles, not for the server: see statement-timeout-off.

import { z } from 'zod'
import { settingOverrides } from '../../facts/setting-overrides.ts'
import { settingNamed, settings } from '../../facts/settings.ts'
import { defineCheck } from '../../model/check.ts'
import { duration } from '../../model/units.ts'
import { ident } from '../../sql/quote.ts'

const NAME = 'idle_in_transaction_session_timeout'

export const idleTransactionTimeoutOff = defineCheck({
  id: 'idle-transaction-timeout-off',
  area: 'configuration',
  title: 'Forgotten transactions are never ended',
  needs: { settings, settingOverrides },
  options: z.object({
    advised: duration()
      .prefault('5m')
      .describe(
        'Five minutes: no request of a web application waits so long inside a transaction, and people at a prompt rarely do.',
      ),
  }),
  run({ settings, settingOverrides }, { advised }, { server }) {
    const setting = settingNamed(settings, NAME)
    if (setting === undefined || setting.value !== '0') return []
    // someone who sets it for a role or this database has thought about it
    const isOverridden = settingOverrides.some(
      (each) =>
        each.name === NAME &&
        !/^0\D*$/.test(each.value) &&
        (each.database === null || each.database === server.database),
    )
    if (isOverridden) return []
    const database = ident(server.database)
    return [
      {
        subject: { kind: 'setting', name: NAME },
        severity: 'info',
        summary: 'No time limit ends a session that is idle in a transaction',
        evidence: [
          { label: 'limit now', value: 'none', unit: 'text' },
          { label: 'advised', value: advised, unit: 'ms' },
        ],
        remedy: {
          sql: [`alter database ${database} set ${NAME} = '${advised}ms'`],
          undo: [`alter database ${database} reset ${NAME}`],
          lock: 'none',
          caution:
            'Applies to new sessions. The application must expect a broken connection in a pool, and open a new one.',
        },
      },
    ]
  },
})
