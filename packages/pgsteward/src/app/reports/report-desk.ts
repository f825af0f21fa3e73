// Makes the reports that are due, keeps them, writes them and sends them: each period's once, whichever process does it, and after an
// outage the latest of each kind.

import { setTimeout as sleep } from 'node:timers/promises'
import type { DeliveryResult } from '../../model/alert.ts'
import type { Report, ReportKind } from '../../model/report.ts'
import type { Milliseconds } from '../../model/units.ts'
import type { Channel, SendResult } from '../../notify/channel.ts'
import { retryDelayMs } from '../../notify/retry-delay.ts'
import type { Store } from '../../store/store.ts'
import type { ReportFormat, ReportPlan } from './report-config.ts'
import { pruneFiles, writeReport } from './report-files.ts'
import { dueName } from './report-schedule.ts'

/** `name`: of the period, such as 2026-W47. */
export type BuildReport = (kind: ReportKind, targetId: string, name: string) => Promise<Report>

export interface ReportDeskOptions {
  readonly store: Store
  readonly build: BuildReport
  readonly plans: readonly ReportPlan[]
  readonly targetIds: readonly string[]
  readonly timeZone: string
  readonly channels: readonly Channel[]
  /** Null: no files. */
  readonly files: {
    readonly folder: string
    readonly formats: readonly ReportFormat[]
    /** Null: none is removed. */
    readonly keepMs: Milliseconds | null
  } | null
  readonly dashboardUrl: string | null
  readonly now: () => Date
  readonly chance: () => number
  readonly onTrouble: (text: string) => void
}

const LOOK_EVERY_MS: Milliseconds = 30_000
/** A monthly report of a large store may take a while. */
const MAKE_LEASE_MS: Milliseconds = 10 * 60_000
const SEND_LEASE_MS: Milliseconds = 60_000
const SEND_WITHIN_MS: Milliseconds = 30_000

export class ReportDesk {
  readonly #options: ReportDeskOptions
  readonly #stop = new AbortController()
  readonly #failing = new Set<string>()
  #running: Promise<void> | null = null

  constructor(options: ReportDeskOptions) {
    this.#options = options
  }

  start(): void {
    if (this.#options.plans.length > 0) this.#running ??= this.#run()
  }

  async stop(): Promise<void> {
    this.#stop.abort(new Error('pgsteward is stopping'))
    await this.#running
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop
    while (!signal.aborted) {
      await this.look().catch((error: Error) => this.#trouble('reports', `reports wait: ${error.message}`))
      await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined)
    }
  }

  /** Makes and sends what is due now; what fails is tried again at a later look. */
  async look(): Promise<void> {
    const { plans, targetIds, timeZone, now } = this.#options
    for (const plan of plans)
      for (const targetId of targetIds) {
        if (this.#stop.signal.aborted) return
        const name = dueName(plan.at, now(), timeZone)
        const report = await this.#made(plan, targetId, name)
        if (report === null) continue
        for (const channel of plan.channels) await this.#deliver(channel, report, name)
      }
  }

  /** Builds it now, keeps it and writes it, over one that was made before; it is sent to nobody. */
  async make(kind: ReportKind, targetId: string, name: string): Promise<Report> {
    const { store, build } = this.#options
    const report = await build(kind, targetId, name)
    await store.keepReport(name, report)
    await this.#write(report, name)
    return report
  }

  /** Null: another process makes it, it failed and waits, or there is nothing to tell yet. */
  async #made({ kind, channels }: ReportPlan, targetId: string, name: string): Promise<Report | null> {
    const { store, now } = this.#options
    const key = `${kind} ${targetId}`
    const id = { kind: 'report', channel: `${targetId}/${kind}`, period: name }
    const attempts = await store.claimMailing(id, now(), MAKE_LEASE_MS)
    if (attempts === null) {
      // made already, by whomever: what is left is to send it
      return channels.length === 0 ? null : store.report({ kind, targetId, name })
    }
    try {
      const report = await this.#firstOrMade(kind, targetId, name)
      await store.finishMailing(id, { is: 'sent', receipt: null }, now())
      this.#failing.delete(key)
      return report
    } catch (error) {
      const because = (error as Error).message
      await store.finishMailing(id, this.#later(because, attempts), now())
      this.#trouble(key, `the ${kind} report of ${targetId} for ${name} waits: ${because}`)
      return null
    }
  }

  /** A target that was just added would begin with a report of a time in which nobody looked. */
  async #firstOrMade(kind: ReportKind, targetId: string, name: string): Promise<Report | null> {
    const { store, build } = this.#options
    const report = await build(kind, targetId, name)
    if (report.coverage.ratio === 0 && (await store.reports({ targetId, kind, limit: 1 })).length === 0)
      return null
    await store.keepReport(name, report)
    await this.#write(report, name)
    return report
  }

  /** A folder that can't be written is told of, and keeps nobody from the report: the store has it. */
  async #write(report: Report, name: string): Promise<void> {
    const { files, dashboardUrl, now } = this.#options
    if (files === null) return
    try {
      await writeReport(report, name, { ...files, baseUrl: dashboardUrl })
      if (files.keepMs !== null) await pruneFiles(files.folder, report, files.keepMs, now())
      this.#failing.delete('files')
    } catch (error) {
      this.#trouble('files', `reports are kept in the store but not written: ${(error as Error).message}`)
    }
  }

  async #deliver(channelId: string, report: Report, name: string): Promise<void> {
    const { store, channels, now, dashboardUrl } = this.#options
    const channel = channels.find(({ id }) => id === channelId)
    if (channel?.sendReport === undefined) return
    const id = { kind: `report:${report.kind}:${report.targetId}`, channel: channelId, period: name }
    const attempts = await store.claimMailing(id, now(), SEND_LEASE_MS)
    if (attempts === null) return
    const news = {
      report,
      name,
      baseUrl: dashboardUrl,
      link: dashboardUrl === null ? null : reportLink(dashboardUrl, report, name),
    }
    const limit = AbortSignal.any([this.#stop.signal, AbortSignal.timeout(SEND_WITHIN_MS)])
    const result = await channel
      .sendReport(news, limit)
      .catch((error: Error): SendResult => ({ is: 'failed', because: error.message, retryAfterMs: null }))
    await store.finishMailing(id, this.#resultOf(result, attempts), now())
    if (result.is === 'sent') this.#failing.delete(channelId)
    else
      this.#trouble(
        channelId,
        `${channelId} does not take the ${report.kind} report${result.is === 'refused' ? '' : ', which is tried again'}: ${result.because}`,
      )
  }

  #resultOf(result: SendResult, attempts: number): DeliveryResult {
    if (result.is === 'sent') return result
    if (result.is === 'refused') return { is: 'given-up', because: result.because }
    return this.#later(result.because, attempts, result.retryAfterMs ?? 0)
  }

  #later(because: string, attempts: number, leastMs: Milliseconds = 0): DeliveryResult {
    const delayMs = Math.max(leastMs, retryDelayMs(attempts, this.#options.chance()))
    return { is: 'failed', because, retryAt: new Date(this.#options.now().getTime() + delayMs) }
  }

  /** Once while it lasts. */
  #trouble(key: string, text: string): void {
    if (!this.#failing.has(key)) this.#options.onTrouble(text)
    this.#failing.add(key)
  }
}

export function reportLink(
  base: string,
  { targetId, kind }: Pick<Report, 'targetId' | 'kind'>,
  name: string,
): string {
  return `${base.replace(/\/+$/, '')}/reports/${kind}/${encodeURIComponent(name)}?target=${encodeURIComponent(targetId)}`
}
