// Runs one check on hand-made facts, as evaluate/ would: options from their input form, a clock, a server.

import type { z } from 'zod'
import type { Check, Given, Needs, Skip } from '../src/model/check.ts'
import type { Interval } from '../src/model/fact.ts'
import type { Finding } from '../src/model/finding.ts'
import type { ServerInfo } from '../src/model/server-info.ts'

export const NOW = new Date('2026-03-10T12:00:00Z')

/** A moment before NOW. */
export function ago(ms: number): Date {
  return new Date(NOW.getTime() - ms)
}

/** An unbroken interval that ends at NOW. */
export function intervalOf<Row>(rows: readonly Row[], seconds = 60): Interval<Row> {
  return { window: { from: ago(seconds * 1000), to: NOW }, seconds, rows, breaks: [] }
}

export function serverInfo(over: Partial<ServerInfo> = {}): ServerInfo {
  return {
    versionNum: 180000,
    version: '18.0',
    role: 'primary',
    database: 'app',
    user: 'pgsteward',
    isSuperuser: false,
    canReadAllStats: true,
    extensions: new Map([['pg_stat_statements', '1.12']]),
    startedAt: ago(30 * 86_400_000),
    statsResetAt: null,
    systemIdentifier: '7000000000000000001',
    timeline: 1,
    ...over,
  }
}

export interface Circumstances<O extends z.ZodType> {
  readonly options?: z.input<O>
  readonly server?: Partial<ServerInfo>
}

export function judge<N extends Needs, O extends z.ZodType>(
  check: Check<N, O>,
  facts: Given<N>,
  { options, server }: Circumstances<O> = {},
): readonly Finding[] | Skip {
  return check.run(facts, check.options.parse(options ?? {}), { now: NOW, server: serverInfo(server) })
}
