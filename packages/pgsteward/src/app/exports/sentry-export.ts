// Tells Sentry of slow queries, repeated statements and findings: counts them by group in the store as they come, and sends one event of a
// group at a time. Nothing that happened before it was switched on is told.

import { randomUUID } from 'node:crypto'
import { parseDsn, type SentryDsn } from '../../export/sentry/dsn.ts'
import { type PostedEvent, postEvent } from '../../export/sentry/post-event.ts'
import { sentryEvent } from '../../export/sentry/sentry-event.ts'
import type { ApplicationReport } from '../../model/application.ts'
import type { Occurrence, OccurrenceEvent } from '../../model/occurrence.ts'
import type { Notice } from '../../model/open-finding.ts'
import type { Milliseconds } from '../../model/units.ts'
import { retryDelayMs } from '../../notify/retry-delay.ts'
import type { OccurrenceStore } from '../../store/alerts/occurrences.ts'
import type { SentryExportConfig } from './sentry-config.ts'
import { foundOccurrences, reportedOccurrences } from './sentry-occurrences.ts'

export interface SentryExportOptions {
  readonly config: SentryExportConfig
  /** As `outbound.allow` of the configuration. */
  readonly allow: readonly string[]
  readonly store: OccurrenceStore
  readonly dashboardUrl: string | null
  /** Of pgsteward. */
  readonly version: string
  readonly now: () => Date
  readonly chance: () => number
  /** Once when Sentry begins to fail, and once when it takes events again. */
  readonly onTrouble: (text: string) => void
  /** Between two looks at what is due. */
  readonly lookEveryMs?: Milliseconds
}

export interface SentryExportState {
  readonly isFailing: boolean
  readonly because: string | null
  readonly lastSentAt: Date | null
}

const LOOK_EVERY_MS = 5_000
/** Longer than any request may take: only a process that was killed leaves an event behind. */
const LEASE_MS = 60_000

export class SentryExport {
  readonly #options: SentryExportOptions
  readonly #default: SentryDsn | null
  readonly #projects: ReadonlyMap<string, SentryDsn>
  /** By address: until when the project wants nothing of ours. */
  readonly #limits = new Map<string, Date>()
  readonly #stop = new AbortController()
  #noting: Promise<void> = Promise.resolve()
  #running: Promise<void> | null = null
  #timer: NodeJS.Timeout | null = null
  #state: SentryExportState = { isFailing: false, because: null, lastSentAt: null }

  constructor(options: SentryExportOptions) {
    this.#options = options
    const { dsn, projects } = options.config
    this.#default = dsn === undefined ? null : parseDsn(dsn)
    this.#projects = new Map(Object.entries(projects).map(([name, text]) => [name, parseDsn(text)!]))
  }

  get state(): SentryExportState {
    return this.#state
  }

  /** After the report was saved, behind it: it costs the application nothing. */
  noticeReport(targetId: string, report: ApplicationReport): void {
    this.#note(targetId, reportedOccurrences(report, this.#options.config))
  }

  noticeFindings(notices: readonly Notice[]): void {
    for (const notice of notices)
      this.#note(notice.finding.targetId, foundOccurrences([notice], this.#options.config.findings))
  }

  start(): void {
    this.#schedule(0)
  }

  async stop(): Promise<void> {
    this.#stop.abort(new Error('pgsteward is stopping'))
    if (this.#timer !== null) clearTimeout(this.#timer)
    await this.#noting
    await this.#running
  }

  #note(targetId: string, occurrences: readonly Occurrence[]): void {
    const told = occurrences.filter((each) => this.#dsnOf(each) !== null)
    if (told.length === 0) return
    this.#noting = this.#noting
      .then(() => this.#options.store.addOccurrences(targetId, told))
      .catch((error: Error) => this.#fails(error.message))
  }

  #dsnOf(occurrence: Occurrence): SentryDsn | null {
    const own = occurrence.kind === 'finding' ? undefined : this.#projects.get(occurrence.application)
    return own ?? this.#default
  }

  #schedule(afterMs: Milliseconds): void {
    if (this.#stop.signal.aborted) return
    this.#timer = setTimeout(() => {
      this.#running = this.#sendAll()
        .catch((error: Error) => this.#fails(error.message))
        .finally(() => this.#schedule(this.#options.lookEveryMs ?? LOOK_EVERY_MS))
    }, afterMs)
    this.#timer.unref()
  }

  async #sendAll(): Promise<void> {
    const { store, config, now } = this.#options
    while (!this.#stop.signal.aborted) {
      const event = await store.claimOccurrences({
        eventId: randomUUID().replaceAll('-', ''),
        now: now(),
        leaseMs: LEASE_MS,
        everyMs: config.every,
        most: config.most,
      })
      if (event === null) return
      await this.#send(event)
    }
  }

  async #send(event: OccurrenceEvent): Promise<void> {
    const { store, config, allow, now, chance } = this.#options
    const finish = async (posted: PostedEvent) => {
      const at = now()
      const retryMs = Math.max(posted.limitMs, retryDelayMs(event.attempts, chance()))
      await store.finishOccurrences(
        event.eventId,
        posted.is === 'sent'
          ? { is: 'sent', receipt: null }
          : posted.is === 'refused'
            ? { is: 'given-up', because: posted.because }
            : { is: 'failed', because: posted.because, retryAt: new Date(at.getTime() + retryMs) },
        config.every,
        at,
      )
    }
    const dsn = this.#dsnOf(event.worst)
    if (dsn === null)
      return await finish({ is: 'refused', because: 'no project takes it any more', limitMs: 0 })
    const limitMs = (this.#limits.get(dsn.envelopeUrl)?.getTime() ?? 0) - now().getTime()
    if (limitMs > 0) return await finish({ is: 'failed', because: 'Sentry wants no events now', limitMs })
    const posted = await postEvent(dsn, this.#eventOf(event), now, this.#stop.signal, allow)
    if (posted.limitMs > 0) this.#limits.set(dsn.envelopeUrl, new Date(now().getTime() + posted.limitMs))
    await finish(posted)
    if (posted.is === 'sent') this.#works()
    else this.#fails(posted.because)
  }

  #eventOf(event: OccurrenceEvent) {
    const { config, dashboardUrl, version } = this.#options
    return sentryEvent(event, {
      dashboardUrl,
      version,
      release: config.release,
      criticalFromMs: config.criticalFrom,
    })
  }

  #works(): void {
    if (this.#state.isFailing) this.#options.onTrouble('Sentry takes events again')
    this.#state = { isFailing: false, because: null, lastSentAt: this.#options.now() }
  }

  #fails(because: string): void {
    if (!this.#state.isFailing) this.#options.onTrouble(`Sentry does not take events: ${because}`)
    this.#state = { ...this.#state, isFailing: true, because }
  }
}
