// Whom to tell about a run while it goes on: the pgsteward that was named, or the one of the configuration when it is running.

import { readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { Config } from '../config/config-schema.ts'
import { type RunReporter, reporterTo } from './send-run.ts'

export interface ReporterRequest {
  /** Named by the user; absent: that of the configuration, if it answers. */
  readonly url?: string
  readonly server: Config['server']
  readonly storeDir: string
  readonly cwd: string
  readonly onTrouble: (text: string) => void
}

/** A server on this machine answers in a few milliseconds, and a run should not wait for one that is not there. */
const ANSWERS_WITHIN_MS = 400

/** Null: there is none. One that was named and is refused says so by `onTrouble`; one that was not named stays silent. */
export async function findReporter(request: ReporterRequest): Promise<RunReporter | null> {
  const { url, server, storeDir, cwd, onTrouble } = request
  const token =
    server.ingestToken ??
    server.adminToken ??
    (await keptToken(join(resolve(cwd, dirname(storeDir)), 'ingest-token')))
  if (url !== undefined) {
    if (token !== null) return reporterTo(url, token, { onTrouble })
    onTrouble(
      `The run is not reported to ${url}: no token is known. Set PGSTEWARD_INGEST_TOKEN; pgsteward watch prints it at its start.`,
    )
    return null
  }
  const own = `http://${server.host.includes(':') ? `[${server.host}]` : server.host}:${server.port}`
  if (token === null || server.port === 0 || !(await answers(own))) return null
  return reporterTo(own, token)
}

async function keptToken(file: string): Promise<string | null> {
  try {
    return (await readFile(file, 'utf8')).trim() || null
  } catch {
    return null
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/health`, { signal: AbortSignal.timeout(ANSWERS_WITHIN_MS) })
    await answer.arrayBuffer()
    return true
  } catch {
    return false
  }
}
