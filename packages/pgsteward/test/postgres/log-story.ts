// A check's story on what the log tells: a server of its own, its log read by the real intake into a real store, the check on both.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LogIntake } from '../../src/app/logs/log-intake.ts'
import { followFiles } from '../../src/collect/logs/follow-files.ts'
import { evaluate } from '../../src/evaluate/evaluate.ts'
import { LOG_CLASSES } from '../../src/logs/classes/all.ts'
import type { AnyCheck, Outcome } from '../../src/model/check.ts'
import type { Finding } from '../../src/model/finding.ts'
import { openSession } from '../../src/postgres/connect.ts'
import { openStore } from '../../src/store/open-store.ts'
import type { OpenedStore } from '../../src/store/postgres-store.ts'
import { createDatabase, startTestServer, type TestDatabase } from './database.ts'

export const LOGGED = 'logged'

export interface LogStory {
  readonly database: () => TestDatabase
  readonly url: () => string
  readonly store: OpenedStore
  /** Reads what the server has logged by now, and asks the check; `laterMs` puts its clock forward. */
  readonly outcome: (check: AnyCheck, story?: LogStoryOptions) => Promise<Outcome>
  readonly findings: (check: AnyCheck, story?: LogStoryOptions) => Promise<readonly Finding[]>
  readonly stop: () => Promise<void>
}

export interface LogStoryOptions {
  readonly options?: Readonly<Record<string, unknown>>
  readonly laterMs?: number
}

/** `withoutDatabase`: for stories that crash the server, and with it all its sessions. */
export async function startLogStory(
  settings: Readonly<Record<string, string>> = {},
  { withoutDatabase = false } = {},
): Promise<LogStory> {
  const prefix = '%m [%p] %q%u@%d %a '
  const server = await startTestServer(18, { log_line_prefix: prefix, deadlock_timeout: '20ms', ...settings })
  const database = withoutDatabase ? null : await createDatabase(server.url())
  const dir = mkdtempSync(join(tmpdir(), 'pgsteward-log-story-'))
  const store = await openStore({ dir })
  const intake = new LogIntake({
    targetId: LOGGED,
    store,
    sources: [
      followFiles({
        patterns: [join(server.dir, 'server.log')],
        known: new Map(),
        now: () => new Date(),
      }),
    ],
    reading: () => ({ format: 'auto', prefix }),
    severityOf: (id) => LOG_CLASSES.find((each) => each.id === id)?.severity ?? 'info',
    keepMs: 30 * 86_400_000,
    slowFromMs: 100,
    now: () => new Date(),
    mayRead: () => true,
    onFailure: (error) => {
      throw error
    },
  })

  const outcome = async (check: AnyCheck, story: LogStoryOptions = {}) => {
    // the folder is looked through every few seconds, its known file at once
    while (await intake.turn());
    const now = new Date(Date.now() + (story.laterMs ?? 0))
    const session = await openSession(database?.monitorUrl ?? server.url())
    const snapshot = {
      targetId: LOGGED,
      takenAt: now,
      server: session.server,
      readings: new Map(),
      refreshed: new Set<string>(),
      cost: { statements: 0, rows: 0, bytes: 0, tookMs: 0 },
    }
    await session.close()
    const options = new Map([[check.id, check.options.parse(story.options ?? {})]])
    const [found] = await evaluate([check], snapshot, store, { options }, now)
    return found!
  }

  return {
    database: () => {
      if (database === null) throw new Error('this story has no database')
      return database
    },
    url: () => server.url(),
    store,
    outcome,
    findings: async (check, story) => {
      const found = await outcome(check, story)
      if (found.status === 'failed') throw found.error
      if (found.status === 'skipped') throw new Error(`${check.id} was skipped: ${found.because}`)
      return found.status === 'found' ? found.findings : []
    },
    stop: async () => {
      await intake.stop()
      await store.close()
      await database?.drop()
      await server.stop('immediate')
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** What a finding says under a label. */
export function told(finding: Finding | undefined, label: string): string | number | undefined {
  return finding?.evidence.find((each) => each.label === label)?.value
}
