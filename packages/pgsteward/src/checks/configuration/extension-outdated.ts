// An extension of an older version than the server offers: pg_upgrade moves the server, but leaves its extensions as they were.

import { z } from 'zod'
import { extensions } from '../../facts/extensions.ts'
import { defineCheck } from '../../model/check.ts'
import { ident, literal } from '../../sql/quote.ts'

export const extensionOutdated = defineCheck({
  id: 'extension-outdated',
  area: 'configuration',
  title: 'Extension left behind by an upgrade',
  needs: { extensions },
  options: z.object({
    ignore: z
      .array(z.string())
      .prefault([])
      .describe(
        'Extensions kept at an older version on purpose, as PostGIS often is until the application follows.',
      ),
  }),
  run({ extensions }, { ignore }) {
    return extensions
      .filter(
        (each) =>
          each.installedVersion !== null &&
          each.installedVersion !== each.offeredVersion &&
          !ignore.includes(each.name),
      )
      .map((each) => {
        const name = ident(each.name)
        const old = each.installedVersion ?? ''
        return {
          subject: { kind: 'extension' as const, name: each.name },
          severity: 'info' as const,
          summary: `Extension ${each.name} is installed in version ${old}, the server offers ${each.offeredVersion}`,
          evidence: [
            { label: 'installed version', value: old, unit: 'text' as const },
            { label: 'offered version', value: each.offeredVersion, unit: 'text' as const },
          ],
          remedy: {
            sql: [`alter extension ${name} update to ${literal(each.offeredVersion)}`],
            // there are no scripts downwards: undo drops and creates anew
            undo: [`drop extension ${name}`, `create extension ${name} version ${literal(old)}`],
            lock: 'access exclusive' as const,
            caution:
              "Locks the extension's own objects for a moment. Undo drops it, which fails when views or columns depend on it; read its release notes first.",
          },
        }
      })
  },
})
