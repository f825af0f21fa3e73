// workload export: what pg_stat_statements saw, as a workload file: of production, or of the database that the tests of CI just used.

import { rename, writeFile } from 'node:fs/promises'
import { readStatementsWorkload } from '../../advise/read-statements-workload.ts'
import { StewardError } from '../../model/error.ts'
import { openSession } from '../../postgres/connect.ts'
import { fingerprintOf } from '../../sql/fingerprint.ts'
import { loadNormaliser } from '../../sql/parse/parse-statements.ts'

export interface WorkloadExportRequest {
  readonly url: string
  readonly out: string
  /** The most statements, those that took most time first. */
  readonly top: number
  readonly minCallsPerMinute: number
}

export interface WorkloadExportReport {
  readonly out: string
  readonly statements: number
  /** Seen, and not written: too few calls, or beyond --top. */
  readonly dropped: number
  readonly leftOut: readonly { readonly id: string; readonly because: string }[]
}

interface WorkloadEntry {
  /** The text's fingerprint: the same in every database, so that a waiver for it holds. */
  readonly id: string
  readonly queryId: string
  readonly template: string
  readonly callsPerMinute: number
  readonly rowsPerCall?: number
}

/**
 * Throws 'usage' where there is no pg_stat_statements. Texts carry no literals: pg_stat_statements puts $n for them, and where it
 * once did not (an entry that was evicted between), we do. Comments go, since they may hold anything.
 */
export async function runWorkloadExport(request: WorkloadExportRequest): Promise<WorkloadExportReport> {
  const session = await openSession(request.url, { purpose: 'twin', statementTimeoutMs: 60_000 })
  try {
    if (!session.server.extensions.has('pg_stat_statements'))
      throw new StewardError('usage', 'the target has no pg_stat_statements to export', {
        detail: 'The extension is not created in this database.',
        hint: "Start PostgreSQL with shared_preload_libraries = 'pg_stat_statements' and run: create extension pg_stat_statements",
      })
    const { statements, leftOut } = await readStatementsWorkload((label, sql) => session.query(label, sql))
    const normalise = await loadNormaliser()
    const frequent = statements.filter(({ callsPerMinute }) => callsPerMinute >= request.minCallsPerMinute)
    const written = new Map<string, WorkloadEntry>()
    for (const { id: queryId, sql, callsPerMinute, rowsPerCall } of frequent) {
      const template = withoutComments(normalise(sql)?.template ?? sql)
      const id = fingerprintOf(template)
      // one text may have several query ids, by tables of one name in several schemas
      const more = (written.get(id)?.callsPerMinute ?? 0) + callsPerMinute
      if (!written.has(id) && written.size >= request.top) continue
      written.set(id, {
        id,
        queryId,
        template,
        callsPerMinute: Number(more.toPrecision(4)),
        ...(rowsPerCall === null || rowsPerCall === 0
          ? {}
          : { rowsPerCall: Number(rowsPerCall.toPrecision(4)) }),
      })
    }
    const list = [...written.values()]
    await save(request.out, `${JSON.stringify(list, null, 1)}\n`)
    return {
      out: request.out,
      statements: list.length,
      dropped: statements.length - list.length,
      leftOut,
    }
  } finally {
    await session.close()
  }
}

function withoutComments(sql: string): string {
  return sql
    .replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\//g, (token) =>
      /^(--|\/\*)/.test(token) ? ' ' : token,
    )
    .trim()
}

async function save(path: string, text: string): Promise<void> {
  const fresh = `${path}.part`
  try {
    await writeFile(fresh, text, { mode: 0o600 })
    await rename(fresh, path)
  } catch (cause) {
    throw new StewardError('usage', `${path} cannot be written`, {
      detail: (cause as Error).message,
      hint: 'Name a file in a folder that this user can write to.',
      cause,
    })
  }
}
