// Stories of checks on probes: a real database is asked by the real probe, what it found is kept in a real store, each try standing for
// half a minute.

import { databaseProbe } from '../../src/collect/probes/database-probe.ts'
import { evaluate } from '../../src/evaluate/evaluate.ts'
import type { AnyCheck } from '../../src/model/check.ts'
import type { Finding } from '../../src/model/finding.ts'
import { openStore } from '../../src/store/open-store.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'

export interface Probed {
  /** Asks as often, 30 s apart; the errors. */
  readonly ask: (times?: number) => Promise<readonly (string | null)[]>
  /** Nobody asks for a while. */
  readonly wait: (ms: number) => void
  readonly findings: (check: AnyCheck) => Promise<readonly Finding[]>
  readonly close: () => Promise<void>
}

const EVERY_MS = 30_000
const TARGET = 'shop'

export async function probed(database: TestDatabase): Promise<Probed> {
  const memory = await createDatabase()
  const store = await openStore({ url: memory.url })
  const probe = { kind: 'database', name: 'database', address: '', everyMs: EVERY_MS, slo: 0.999 } as const
  let clock = Date.UTC(2026, 2, 10, 12)
  await store.declareProbes(TARGET, [probe], new Date(clock))
  return {
    ask: async (times = 1) => {
      const errors: (string | null)[] = []
      for (let each = 0; each < times; each += 1) {
        clock += EVERY_MS
        const found = await databaseProbe(
          { url: database.monitorUrl, timeoutMs: 20_000 },
          new AbortController().signal,
        )
        await store.saveProbeAttempt(TARGET, probe, { at: new Date(clock), ...found }, false)
        errors.push(found.error)
      }
      return errors
    },
    wait: (ms) => {
      clock += ms
    },
    findings: async (check) => {
      const judged = { targetId: TARGET, server: null, readings: new Map(), refreshed: new Set<string>() }
      const [outcome] = await evaluate([check], judged, store, { options: new Map() }, new Date(clock))
      if (outcome!.status === 'failed') throw outcome!.error
      if (outcome!.status === 'skipped') throw new Error(`${check.id} was skipped: ${outcome!.because}`)
      return outcome!.status === 'found' ? outcome!.findings : []
    },
    close: async () => {
      await store.close()
      await memory.drop()
    },
  }
}
