// doctor: opens the target once, looks, and says what is missing.

import { type Diagnosis, diagnose } from '../evaluate/diagnose.ts'
import { type PrerequisitesRow, prerequisites } from '../facts/prerequisites.ts'
import { type SettingRow, settings } from '../facts/settings.ts'
import type { ServerInfo } from '../model/server-info.ts'
import { openSession } from '../postgres/connect.ts'
import { isLoopbackUrl, looksPooled } from '../postgres/pooler.ts'
import { pickVariant } from '../postgres/variant.ts'
import { lackingLogSettings } from './logs/log-settings.ts'

export interface DoctorReport {
  readonly server: ServerInfo
  readonly lines: readonly Diagnosis[]
}

/** Reads only. Throws StewardError when the target can't be reached, with the reason and what to do. */
export async function runDoctor(url: string): Promise<DoctorReport> {
  const session = await openSession(url, { purpose: 'doctor' })
  try {
    const picked = pickVariant(prerequisites, session.server)
    if (picked.status === 'unavailable') throw new Error(picked.because)
    const read = async (): Promise<PrerequisitesRow> =>
      prerequisites.parse((await session.query(prerequisites.id, picked.sql)).rows[0]!)
    const first = await read()
    const again = await read()
    const statementsError =
      first.statementsVersion === null
        ? null
        : await session.query('doctor', 'select s.dealloc from pg_stat_statements_info s').then(
            () => null,
            (error: Error) => error.message,
          )
    const connection = {
      isLoopback: isLoopbackUrl(url),
      isPooled: looksPooled(url) || first.backendPid !== again.backendPid,
      statementsError,
    }
    const rows = (await session.query(settings.id, settings.variants[0]!.sql)).rows.map(settings.parse)
    return {
      server: session.server,
      lines: [...diagnose(session.server, first, connection), ...logLines(rows)],
    }
  } finally {
    await session.close()
  }
}

/** Notes, not lacks: how much the log tells is a choice, and it may not be read at all. */
function logLines(rows: readonly SettingRow[]): readonly Diagnosis[] {
  const lacking = lackingLogSettings(rows)
  if (lacking.length === 0)
    return [{ aspect: 'log', status: 'ok', message: 'its settings leave out nothing that pgsteward reads' }]
  return lacking.map(({ name, value, lost, sql }) => ({
    aspect: 'log',
    status: 'note',
    message: value === null ? `${name} is not loaded` : `${name} is ${value === '' ? 'empty' : value}`,
    lost: `the log does not tell ${lost}`,
    mend: [...sql.split('; '), 'select pg_reload_conf()'],
  }))
}
