// Days of a shop as collector, probes and an application would have saved them, with every number known to the test that reads them.

import { connections } from '../../src/facts/connections.ts'
import { databaseSizes } from '../../src/facts/database-sizes.ts'
import { statementTotals } from '../../src/facts/statement-totals.ts'
import type { Finding, Severity } from '../../src/model/finding.ts'
import { findingKey } from '../../src/model/finding.ts'
import type { OpenFinding, Transition } from '../../src/model/open-finding.ts'
import type { Store } from '../../src/store/store.ts'
import { operation, report } from '../store/application-report.ts'
import { intervalReading, STATEMENTS_FACT, snapshotOf, statementRow } from '../store/synthetic.ts'

const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** What happens in each step. */
export interface Step {
  /** Calls and milliseconds each of a statement. */
  readonly statements?: readonly {
    readonly queryId: string
    readonly calls: number
    readonly meanMs: number
  }[]
  readonly requests?: { readonly count: number; readonly errors: number; readonly ms: number }
  readonly queriesMs?: readonly number[]
  readonly deliveries?: { readonly all: number; readonly failed: number }
  /** The probe's answer. */
  readonly isUp?: boolean
}

export interface MadeDays {
  readonly from: Date
  readonly to: Date
  readonly stepMs: number
  /** Null: nobody looked. */
  readonly step: (at: Date, number: number) => Step | null
}

const FACTS = [connections, databaseSizes, statementTotals, STATEMENTS_FACT]
const PROBE = {
  kind: 'http',
  name: 'health',
  address: 'https://shop.example.com/health',
  slo: 0.999,
} as const

/** A step ends at each moment: the first at `from` and a step, the last at `to`. */
export async function saveMadeDays(store: Store, targetId: string, made: MadeDays): Promise<void> {
  const { from, to, stepMs, step } = made
  await store.declareProbes(targetId, [{ ...PROBE, everyMs: stepMs }], from)
  let number = 0
  for (let ms = from.getTime() + stepMs; ms <= to.getTime(); ms += stepMs) {
    const at = new Date(ms)
    const given = step(at, number)
    number += 1
    if (given === null) continue
    await saveReadings(store, targetId, at, stepMs / 1_000, given)
    await saveApplication(store, targetId, new Date(ms - 1), given)
    if (given.isUp !== undefined)
      await store.saveProbeAttempt(
        targetId,
        PROBE,
        {
          at: new Date(ms - 1),
          isUp: given.isUp,
          error: given.isUp ? null : 'it answered 503',
          tookMs: 20,
          phases: {},
          status: given.isUp ? 200 : 503,
          certificateExpiresAt: null,
        },
        false,
      )
  }
}

async function saveReadings(
  store: Store,
  targetId: string,
  at: Date,
  seconds: number,
  { statements = [] }: Step,
): Promise<void> {
  const calls = statements.reduce((sum, each) => sum + each.calls, 0)
  const execMs = statements.reduce((sum, each) => sum + each.calls * each.meanMs, 0)
  const snapshot = snapshotOf(targetId, at, {
    connections: {
      status: 'rows',
      at,
      tookMs: 1,
      rows: [
        {
          maxConnections: 103,
          reservedConnections: 3,
          usableConnections: 100,
          total: 20,
          active: 3,
          idle: 16,
          idleInTransaction: 1,
          blocked: 0,
          own: 1,
          oldestTransactionMs: null,
        },
      ],
    },
    'database-sizes': {
      status: 'rows',
      at,
      tookMs: 1,
      rows: [{ database: 'shop', sizeBytes: at.getTime() / 1_000 }],
    },
    'statement-totals': intervalReading(at, seconds, [
      { calls, execMs, rows: calls, ownCalls: 0, ownExecMs: 0 },
    ]),
    statements: intervalReading(
      at,
      seconds,
      statements.map((each) => statementRow({ ...each, totalExecMs: each.calls * each.meanMs })),
    ),
  })
  await store.saveSnapshot(snapshot, FACTS)
}

async function saveApplication(
  store: Store,
  targetId: string,
  at: Date,
  { requests, queriesMs = [], deliveries }: Step,
): Promise<void> {
  const operations = [
    ...(requests === undefined
      ? []
      : [
          operation(Array(requests.count).fill(requests.ms), {
            kind: 'request',
            name: 'GET /orders',
            route: null,
            fingerprint: null,
            errors: requests.errors,
          }),
        ]),
    ...(queriesMs.length === 0 ? [] : [operation(queriesMs)]),
    ...(deliveries === undefined
      ? []
      : [
          operation(Array(deliveries.all).fill(30), {
            kind: 'metric',
            name: 'message.delivery',
            route: null,
            fingerprint: null,
            labels: 'channel=sms',
            errors: deliveries.failed,
          }),
        ]),
  ]
  if (operations.length > 0) await store.saveReport(targetId, report({ operations }), at)
}

/** A life of a finding: each transition at its moment. */
export async function saveLife(
  store: Store,
  targetId: string,
  checkId: string,
  finding: Pick<Finding, 'subject' | 'summary'> & Partial<Finding> & { readonly area?: OpenFinding['area'] },
  life: readonly (readonly [at: Date, transition: Transition, severity?: Severity])[],
): Promise<string> {
  const key = findingKey(checkId, finding.subject)
  let openedAt: Date | null = null
  for (const [at, transition, severity = finding.severity ?? 'warning'] of life) {
    if (transition === 'opened') openedAt = at
    const isOver = transition === 'resolved'
    await store.saveChanges(
      [
        {
          transition,
          finding: {
            evidence: [],
            area: 'query',
            ...finding,
            severity,
            key,
            checkId,
            targetId,
            state: isOver ? 'resolved' : 'open',
            firstSeenAt: openedAt ?? at,
            lastSeenAt: at,
            openedAt,
            quietSince: null,
            openings: [],
            resolvedAt: isOver ? at : null,
            mutedUntil: null,
            muteReason: null,
          },
        },
      ],
      at,
    )
  }
  return key
}
