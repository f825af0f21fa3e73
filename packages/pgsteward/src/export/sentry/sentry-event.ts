// A group of occurrences as a Sentry event: an error event, since performance issues are made by Sentry itself, from transactions with
// their spans, and by nobody else. Texts are those of the store, in which literals are replaced; parameters are never sent.

import type { Severity } from '../../model/finding.ts'
import { type OccurrenceEvent, occurrenceParts, type StatementPlace } from '../../model/occurrence.ts'
import type { Milliseconds } from '../../model/units.ts'
import {
  contextOf,
  frameOf,
  isEnvironment,
  oneLine,
  releaseOf,
  type SentryFrame,
  tagsOf,
} from './sentry-fields.ts'

export interface SentryEventOptions {
  /** Public address of the dashboard; null: not configured. */
  readonly dashboardUrl: string | null
  /** Of pgsteward. */
  readonly version: string
  /** Of the application, such as `{application}@{version}`; releases are global to an organization of Sentry. */
  readonly release: string
  /** From so long on a slow query is an error, not a warning. */
  readonly criticalFromMs: Milliseconds
}

export interface SentryEvent {
  readonly event_id: string
  /** Seconds since 1970. */
  readonly timestamp: number
  readonly platform: 'node'
  readonly logger: 'pgsteward'
  readonly level: 'error' | 'warning' | 'info'
  readonly fingerprint: readonly string[]
  readonly exception: { readonly values: readonly [SentryException] }
  readonly tags: Readonly<Record<string, string>>
  readonly contexts: Readonly<Record<string, Readonly<Record<string, string | number>>>>
  readonly sdk: { readonly name: 'pgsteward'; readonly version: string }
  readonly transaction?: string
  readonly server_name?: string
  readonly release?: string
  readonly environment?: string
}

interface SentryException {
  readonly type: string
  readonly value: string
  readonly mechanism: { readonly type: 'pgsteward'; readonly handled: true; readonly help_link?: string }
  readonly stacktrace?: { readonly frames: readonly [SentryFrame] }
}

const TITLE_MOST = 300

export function sentryEvent(event: OccurrenceEvent, options: SentryEventOptions): SentryEvent {
  const { worst } = event
  const link = options.dashboardUrl === null ? null : linkOf(event, options.dashboardUrl.replace(/\/+$/, ''))
  const own = worst.kind === 'finding' ? ofFinding(event) : ofStatement(event, worst, options)
  const { exception, contexts, tags, ...rest } = own
  return {
    event_id: event.eventId,
    // of the one whose trace it names; when the last happened stands in the context
    timestamp: worst.at.getTime() / 1_000,
    platform: 'node',
    logger: 'pgsteward',
    fingerprint: ['pgsteward', ...occurrenceParts(worst)],
    exception: {
      values: [
        {
          ...exception,
          mechanism: { type: 'pgsteward', handled: true, ...(link === null ? {} : { help_link: link }) },
        },
      ],
    },
    tags: tagsOf({ ...tags, target: event.targetId }),
    contexts: {
      ...contexts,
      pgsteward: { kind: worst.kind, target: event.targetId, ...(link === null ? {} : { link }) },
    },
    sdk: { name: 'pgsteward', version: options.version },
    ...rest,
  }
}

type Own = Pick<
  SentryEvent,
  'level' | 'contexts' | 'transaction' | 'server_name' | 'release' | 'environment'
> & {
  readonly tags: Readonly<Record<string, string | null>>
  readonly exception: Omit<SentryException, 'mechanism'>
}

function ofStatement(
  event: OccurrenceEvent,
  worst: Exclude<OccurrenceEvent['worst'], { readonly kind: 'finding' }>,
  { criticalFromMs, release: releasePattern }: SentryEventOptions,
): Own {
  const { application, instance, route, model, action, caller, text, fingerprint } = worst
  const isSlow = worst.kind === 'slow-query'
  const frame = frameOf(caller)
  const release = releaseOf(releasePattern, worst)
  const happened = isSlow
    ? `slowest ${Math.round(event.worstMs)} ms`
    : `${worst.repetitions} times in one request, ${Math.round(worst.totalMs)} ms`
  return {
    level: isSlow && event.worstMs >= criticalFromMs ? 'error' : 'warning',
    exception: {
      type: isSlow ? 'SlowQuery' : 'RepeatedStatement',
      value: `${oneLine(text, TITLE_MOST)} (${happened})`,
      ...(frame === null ? {} : { stacktrace: { frames: [frame] } }),
    },
    tags: { application, route, model, action, caller, fingerprint },
    contexts: {
      ...traceOf(worst, event.eventId),
      statement: contextOf([
        [isSlow ? 'slow queries since the last event' : 'requests since the last event', event.count],
        ['total ms', Math.round(event.totalMs)],
        ['worst ms', Math.round(event.worstMs)],
        ...(isSlow
          ? ([
              ['waited for a connection ms', Math.round(worst.waitedForPoolMs)],
              ...(worst.rows === null ? [] : ([['rows', worst.rows]] as const)),
            ] as const)
          : ([['repetitions in the worst request', worst.repetitions]] as const)),
        ['first at', event.firstAt.toISOString()],
        ['last at', event.lastAt.toISOString()],
        ['page', `docs/checks/${isSlow ? 'slow-application-query' : 'repeated-statement'}.md`],
        ['fingerprint', fingerprint],
        ['text', text],
      ]),
    },
    server_name: oneLine(instance),
    ...(route === null ? {} : { transaction: oneLine(route) }),
    ...(release === null ? {} : { release }),
    ...(isEnvironment(worst.environment) ? { environment: worst.environment } : {}),
  }
}

const LEVELS: Readonly<Record<Severity, SentryEvent['level']>> = {
  critical: 'error',
  warning: 'warning',
  info: 'info',
}

function ofFinding({ worst }: OccurrenceEvent): Own {
  if (worst.kind !== 'finding') throw new TypeError('no finding')
  return {
    level: LEVELS[worst.severity],
    exception: { type: worst.checkId, value: oneLine(worst.summary, TITLE_MOST) },
    tags: { check: worst.checkId, severity: worst.severity },
    contexts: {
      finding: contextOf([
        ['page', `docs/checks/${worst.checkId}.md`],
        ['key', worst.key],
        ...worst.evidence.map(
          ({ label, value, unit }) =>
            [unit === undefined || unit === 'count' ? label : `${label} (${unit})`, value] as const,
        ),
      ]),
    },
  }
}

/** The trace that the statement's request belongs to. Its span is not known, so one is made from the event's id. */
function traceOf({ traceId }: StatementPlace, eventId: string): SentryEvent['contexts'] {
  if (traceId === null || !/^[0-9a-f]{32}$/.test(traceId) || /^0+$/.test(traceId)) return {}
  return { trace: { trace_id: traceId, span_id: eventId.slice(0, 16), op: 'db.query' } }
}

function linkOf({ worst, targetId }: OccurrenceEvent, base: string): string {
  const target = `target=${encodeURIComponent(targetId)}`
  return worst.kind === 'finding'
    ? `${base}/findings/${encodeURIComponent(worst.key)}?${target}`
    : `${base}/slow-queries?${target}&fingerprint=${encodeURIComponent(worst.fingerprint)}`
}
