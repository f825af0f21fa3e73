// Answers about PostgreSQL's log: what happened by class and time, single events, how its sources do.

import { readFile } from 'node:fs/promises'
import { settings } from '../../facts/settings.ts'
import { LOG_CLASSES } from '../../logs/classes/all.ts'
import { StewardError } from '../../model/error.ts'
import { SEVERITIES, type Severity } from '../../model/finding.ts'
import type {
  LogClass,
  LogClassCount,
  LogHistoryPoint,
  LogRecord,
  LogSeverity,
} from '../../model/log-event.ts'
import type { Window } from '../../model/units.ts'
import type { LogClassCountWire, LogEventDetailWire, LogEventWire, LogsWire } from '../../model/wire.ts'
import { lackingLogSettings, logFileOf } from '../logs/log-settings.ts'
import { rowsOf } from '../reading.ts'
import type { Steward } from '../steward.ts'
import { queryLinks } from './query-links.ts'
import { watcherOf } from './watcher-of.ts'

export interface LogQuestion {
  readonly classes?: readonly string[]
  /** How bad the class is. */
  readonly severities?: readonly Severity[]
  readonly queryId?: string
  readonly fingerprint?: string
  readonly database?: string
  readonly search?: string
  readonly limit?: number
}

const BUCKETS = 120
const CLASSES: ReadonlyMap<string, LogClass> = new Map(LOG_CLASSES.map((each) => [each.id, each]))
const UNKNOWN_TITLE = 'Not in the catalogue'

export class LogViews {
  readonly #steward: Steward
  readonly #docsDir: string | null
  readonly #fixes = new Map<string, string | null>()

  constructor(steward: Steward, docsDir: string | null) {
    this.#steward = steward
    this.#docsDir = docsDir
  }

  async logs(targetId: string, window: Window, question: LogQuestion): Promise<LogsWire> {
    const watcher = watcherOf(this.#steward, targetId)
    const { store } = this.#steward
    const { severities, ...filter } = question
    const [sources, counts, history, found] = await Promise.all([
      store.logSources(targetId),
      store.logCounts(targetId, window),
      store.logHistory(targetId, window, BUCKETS),
      store.logEvents(targetId, window, {
        ...filter,
        ...(severities === undefined ? {} : { classes: classesOf(severities, filter.classes) }),
      }),
    ])
    const rows = rowsOf(watcher.state.snapshot, settings) ?? []
    return {
      hasSource: sources.some(({ lines }) => lines > 0),
      sources: sources.map((each) => ({ ...each, lastAt: each.lastAt?.toISOString() ?? null })),
      settings: lackingLogSettings(rows).map((each) => ({ ...each })),
      suggestedFile: logFileOf(rows),
      pushPath: this.#steward.logs.pushedTo(targetId) === undefined ? null : `/ingest/logs/${targetId}`,
      classes: await Promise.all(classCounts(counts).map((each) => this.#withFix(each))),
      history: historyOf(history, window),
      events: [...(await this.#views(targetId, found))],
    }
  }

  async event(targetId: string, id: string): Promise<LogEventDetailWire> {
    watcherOf(this.#steward, targetId)
    const record = await this.#steward.store.logEvent(targetId, id)
    if (record === null)
      throw new StewardError('finding-unknown', `there is no log event ${id}`, {
        hint: 'Events go after logs.keep, or earlier where there are too many.',
      })
    const [event] = await this.#views(targetId, [record])
    return { event: event!, plan: record.plan, page: await this.#page(record.class) }
  }

  async #views(targetId: string, records: readonly LogRecord[]): Promise<readonly LogEventWire[]> {
    const fingerprints = records.flatMap(({ fingerprint }) => (fingerprint === null ? [] : [fingerprint]))
    const links = await queryLinks(this.#steward.store, targetId, fingerprints)
    return records.map(({ at, severity, plan: _plan, parameters, figures, ...record }) => ({
      ...record,
      at: at.toISOString(),
      title: CLASSES.get(record.class)?.title ?? UNKNOWN_TITLE,
      severity: severityOf(record.class, severity),
      level: severity,
      parameters: parameters === null ? null : [...parameters],
      figures: { ...figures },
      queryIds:
        record.queryId !== null && record.queryId !== '0'
          ? [record.queryId]
          : record.fingerprint === null
            ? []
            : [...links(record.fingerprint)],
    }))
  }

  async #withFix(count: Omit<LogClassCountWire, 'fix'>): Promise<LogClassCountWire> {
    if (!this.#fixes.has(count.id)) this.#fixes.set(count.id, whatToDo(await this.#page(count.id)))
    return { ...count, fix: this.#fixes.get(count.id) ?? null }
  }

  async #page(classId: string): Promise<string> {
    if (this.#docsDir === null || !CLASSES.has(classId)) return ''
    return readFile(`${this.#docsDir}/logs/${classId}.md`, 'utf8').catch(() => '')
  }
}

/** The first paragraph of "What to do". */
function whatToDo(page: string): string | null {
  const [, section = ''] = page.split(/^## What to do$/m)
  const [paragraph = ''] = section.trim().split(/\n\s*\n/)
  return paragraph === '' || paragraph.startsWith('```') ? null : paragraph.replace(/\s+/g, ' ').trim()
}

export function severityOf(classId: string, level: LogSeverity): Severity {
  const known = CLASSES.get(classId)?.severity
  if (known !== undefined) return known
  if (level === 'FATAL' || level === 'PANIC') return 'critical'
  return level === 'ERROR' || level === 'WARNING' ? 'warning' : 'info'
}

function classesOf(
  severities: readonly Severity[],
  classes: readonly string[] | undefined,
): readonly string[] {
  const bySeverity = LOG_CLASSES.filter((each) => severities.includes(each.severity)).map(({ id }) => id)
  const wanted =
    severities.includes('info') || severities.includes('warning') ? ['unknown', ...bySeverity] : bySeverity
  return classes === undefined ? wanted : wanted.filter((id) => classes.includes(id))
}

function classCounts(counts: readonly LogClassCount[]): readonly Omit<LogClassCountWire, 'fix'>[] {
  const byClass = new Map<string, Omit<LogClassCountWire, 'fix'>>()
  for (const each of counts) {
    const known = byClass.get(each.class)
    const severity = severityOf(each.class, each.severity)
    byClass.set(each.class, {
      id: each.class,
      area: CLASSES.get(each.class)?.area ?? 'server',
      title: CLASSES.get(each.class)?.title ?? UNKNOWN_TITLE,
      severity: known !== undefined && rank(known.severity) > rank(severity) ? known.severity : severity,
      count: (known?.count ?? 0) + each.count,
      firstAt: earlier(known?.firstAt, each.firstAt.toISOString()),
      lastAt: later(known?.lastAt, each.lastAt.toISOString()),
      databases: [
        ...new Set([...(known?.databases ?? []), ...(each.database === null ? [] : [each.database])]),
      ],
    })
  }
  return [...byClass.values()].sort(
    (a, b) => rank(b.severity) - rank(a.severity) || b.count - a.count || a.id.localeCompare(b.id),
  )
}

function rank(severity: Severity): number {
  return SEVERITIES.indexOf(severity)
}

function earlier(a: string | undefined, b: string): string {
  return a === undefined || b < a ? b : a
}

function later(a: string | undefined, b: string): string {
  return a === undefined || b > a ? b : a
}

/** Every bucket of the window: none is silence, since a log that says nothing is read as well. */
function historyOf(found: readonly LogHistoryPoint[], window: Window): LogsWire['history'] {
  const lengthMs = window.to.getTime() - window.from.getTime()
  const widthMs = Math.max(1, Math.ceil(lengthMs / BUCKETS / 60_000)) * 60_000
  const points = new Map<number, [number, number, number, number]>()
  for (
    let at = Math.floor(window.from.getTime() / widthMs) * widthMs;
    at < window.to.getTime();
    at += widthMs
  )
    points.set(at, [at / 1000, 0, 0, 0])
  for (const { at, class: id, severity, count } of found) {
    const point = points.get(at.getTime() - widthMs)
    if (point !== undefined) point[rank(severityOf(id, severity)) + 1]! += count
  }
  return { stepSeconds: widthMs / 1000, points: [...points.values()] }
}
