// pg_stat_statements is the source of everything about statements; without it only sessions and tables can be judged.

import { z } from 'zod'
import { extensions } from '../../facts/extensions.ts'
import { type SettingRow, settingNamed, settings } from '../../facts/settings.ts'
import { defineCheck } from '../../model/check.ts'
import type { Finding, Remedy } from '../../model/finding.ts'
import { literal } from '../../sql/quote.ts'

const NAME = 'pg_stat_statements'
const CREATE = `create extension if not exists ${NAME}`

export const statementsExtensionMissing = defineCheck({
  id: 'statements-extension-missing',
  area: 'configuration',
  title: 'pg_stat_statements is missing',
  needs: { settings, extensions },
  options: z.object({}),
  run({ settings, extensions }, _, { server }) {
    const preload = settingNamed(settings, 'shared_preload_libraries')
    if (preload === undefined)
      return { skip: 'the role may not read shared_preload_libraries; grant pg_monitor' }
    const libraries = listOf(preload)
    const isLoaded = libraries.includes(NAME)
    const isCreated = server.extensions.has(NAME)
    if (isLoaded && isCreated) return []
    const offered = extensions.find((each) => each.name === NAME)
    const finding: Finding = {
      subject: { kind: 'extension', name: NAME },
      severity: 'info',
      summary: isLoaded
        ? `${NAME} is loaded, but not created in database ${server.database}: statements can't be judged`
        : `${NAME} is not loaded: no statement's time, calls or reads are counted`,
      evidence: [
        { label: 'in shared_preload_libraries', value: isLoaded ? 'yes' : 'no', unit: 'text' },
        { label: 'created in the database', value: isCreated ? 'yes' : 'no', unit: 'text' },
        {
          label: 'offered version',
          value: offered?.offeredVersion ?? 'none, its package is missing',
          unit: 'text',
        },
      ],
    }
    if (offered === undefined) return [finding]
    const remedy = isLoaded ? creating() : loading(preload, libraries, isCreated)
    return [remedy === null ? finding : { ...finding, remedy }]
  },
})

function creating(): Remedy {
  return {
    sql: [CREATE],
    undo: [`drop extension ${NAME}`],
    lock: 'none',
    caution:
      'Adds a view and functions to the database; needs a superuser or, on managed services, their administrator role.',
  }
}

function loading(preload: SettingRow, libraries: readonly string[], isCreated: boolean): Remedy | null {
  if (preload.source === 'command line') return null
  const set = (names: readonly string[]) =>
    `alter system set shared_preload_libraries = ${names.map(literal).join(', ') || "''"}`
  const back = preload.isSetByAlterSystem ? set(libraries) : 'alter system reset shared_preload_libraries'
  return {
    sql: [set([...libraries, NAME]), ...(isCreated ? [] : [CREATE])],
    undo: [...(isCreated ? [] : [`drop extension ${NAME}`]), back],
    lock: 'none',
    caution:
      'Takes effect at the next restart of the server. Costs a few percent at most and about 10 MB of shared memory; managed services have a switch for it.',
  }
}

/** `a, "b c"`: names with capitals or blanks come quoted. */
function listOf(preload: SettingRow): readonly string[] {
  return preload.value
    .split(',')
    .map((name) => name.trim().replace(/^"(.*)"$/, '$1'))
    .filter((name) => name !== '')
}
