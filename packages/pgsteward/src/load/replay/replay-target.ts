// Which databases a workload may be replayed on: those on hosts that the configuration names for load, and no others.

import { StewardError } from '../../model/error.ts'
import { refuseUnlisted } from '../load-target.ts'

/**
 * An entry with the scheme postgres names a database's host (and port); one with http names a host, and without a port whatever is on
 * it. Throws 'load-target-refused', or 'target-url-invalid' for what is no URL of PostgreSQL.
 */
export function refuseUnlistedDatabase(url: string, allowed: readonly string[]): void {
  const parsed = /^postgres(?:ql)?:\/\//.test(url) ? URL.parse(url) : null
  const address = parsed === null ? null : hostOf(parsed)
  if (address === null)
    throw new StewardError('target-url-invalid', 'the database to be loaded is no PostgreSQL URL', {
      detail:
        'A database is named by postgres://USER:PASSWORD@HOST:PORT/DATABASE, with its host written out.',
      hint: 'Give --database postgres://USER:PASSWORD@HOST:PORT/DATABASE.',
    })
  try {
    refuseUnlisted(`http://${address}`, allowed.map(asHttp))
  } catch (error) {
    if (!(error instanceof StewardError) || error.code !== 'load-target-refused') throw error
    throw new StewardError('load-target-refused', `load on the database at ${address} is not allowed`, {
      detail: `The configuration allows ${allowed.length === 0 ? 'nothing' : allowed.join(', ')}.`,
      hint: `If this database may be loaded, name it in pgsteward.config.ts: load: { targets: ['postgres://${address}'] }. Never name production.`,
    })
  }
}

function hostOf({ hostname, port, searchParams }: URL): string | null {
  // `?host=` overrides what stands before the path, a socket folder has no host at all
  if (hostname === '' || searchParams.has('host') || searchParams.has('port')) return null
  return `${hostname}:${port === '' ? '5432' : port}`
}

function asHttp(entry: string): string {
  return entry.replace(/^(postgres(?:ql)?|https):\/\//, 'http://')
}
