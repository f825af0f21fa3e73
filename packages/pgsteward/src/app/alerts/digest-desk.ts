// Sends the daily digests: each day's to each mailbox once, late rather than never while it is still of use.

import { setTimeout as sleep } from 'node:timers/promises'
import type { DeliveryResult } from '../../model/alert.ts'
import type { Milliseconds, Window } from '../../model/units.ts'
import { findingLink } from '../../notify/alert-message.ts'
import type { SendResult } from '../../notify/channel.ts'
import { type Digest, targetDigest } from '../../notify/digest.ts'
import { digestEmail } from '../../notify/digest-email.ts'
import { retryDelayMs } from '../../notify/retry-delay.ts'
import { type EmailOptions, smtpSender } from '../../notify/smtp.ts'
import { type DailyMoment, dueDay } from '../../stats/daily-moment.ts'
import type { Store } from '../../store/store.ts'

export interface DigestPlan {
  readonly channel: string
  readonly email: EmailOptions
  readonly at: DailyMoment
}

export interface DigestDeskOptions {
  readonly store: Store
  readonly plans: readonly DigestPlan[]
  readonly targetIds: readonly string[]
  readonly dashboardUrl: string | null
  readonly now: () => Date
  readonly chance: () => number
  readonly onTrouble: (text: string) => void
}

const LOOK_EVERY_MS: Milliseconds = 30_000
/** Where pgsteward or the mail server was down at eight, the digest is still worth reading in the afternoon. */
const LATE_MS: Milliseconds = 6 * 3_600_000
const DAY_MS: Milliseconds = 86_400_000
/** Longer than a send may take. */
const LEASE_MS: Milliseconds = 60_000
const SEND_WITHIN_MS: Milliseconds = 30_000
const MOST_FINDINGS = 2_000

export class DigestDesk {
  readonly #options: DigestDeskOptions
  readonly #send: ReadonlyMap<string, ReturnType<typeof smtpSender>>
  readonly #stop = new AbortController()
  readonly #failing = new Set<string>()
  #running: Promise<void> | null = null

  constructor(options: DigestDeskOptions) {
    this.#options = options
    this.#send = new Map(options.plans.map(({ channel, email }) => [channel, smtpSender(email)]))
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
      for (const plan of this.#options.plans)
        await this.sendIfDue(plan).catch((error: Error) => this.#trouble(plan, error.message))
      await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined)
    }
  }

  /** Whether one was sent. */
  async sendIfDue(plan: DigestPlan): Promise<boolean> {
    const { store, now } = this.#options
    const at = now()
    const day = dueDay(plan.at, at, LATE_MS)
    if (day === null) return false
    const id = { kind: 'digest', channel: plan.channel, period: day }
    const attempts = await store.claimMailing(id, at, LEASE_MS)
    if (attempts === null) return false
    const content = digestEmail(await this.#digest(day, at), plan.channel, plan.email.from)
    const limit = AbortSignal.any([this.#stop.signal, AbortSignal.timeout(SEND_WITHIN_MS)])
    const result = await this.#send.get(plan.channel)!(content, limit).catch(
      (error: Error): SendResult => ({ is: 'failed', because: error.message, retryAfterMs: null }),
    )
    await store.finishMailing(id, this.#resultOf(result, attempts), now())
    if (result.is === 'sent') this.#failing.delete(plan.channel)
    else this.#trouble(plan, result.because)
    return result.is === 'sent'
  }

  async #digest(day: string, at: Date): Promise<Digest> {
    const { store, targetIds, dashboardUrl } = this.#options
    const window = { from: new Date(at.getTime() - DAY_MS), to: at }
    const [findings, undelivered] = await Promise.all([
      store.findings({ states: ['open'], orResolvedSince: window.from, limit: MOST_FINDINGS }),
      this.#undelivered(window),
    ])
    return {
      day,
      window,
      dashboardUrl,
      undelivered,
      targets: targetIds.map((targetId) =>
        targetDigest(targetId, findings, window, (finding) =>
          dashboardUrl === null ? null : findingLink(dashboardUrl, finding),
        ),
      ),
    }
  }

  async #undelivered({ from }: Window): Promise<Digest['undelivered']> {
    const waiting = await this.#options.store.deliveries({
      states: ['waiting', 'sending', 'given-up'],
      limit: 1_000,
    })
    // one that was put in a moment ago is on its way
    const late = waiting.filter(({ createdAt, attempts }) => createdAt >= from && attempts > 0)
    return [...Map.groupBy(late, ({ channel }) => channel)].map(([channel, all]) => ({
      channel,
      alerts: all.length,
    }))
  }

  #resultOf(result: SendResult, attempts: number): DeliveryResult {
    if (result.is === 'sent') return result
    if (result.is === 'refused') return { is: 'given-up', because: result.because }
    const delayMs = retryDelayMs(attempts, this.#options.chance())
    return {
      is: 'failed',
      because: result.because,
      retryAt: new Date(this.#options.now().getTime() + delayMs),
    }
  }

  /** Once while it lasts. */
  #trouble({ channel }: DigestPlan, because: string): void {
    if (!this.#failing.has(channel))
      this.#options.onTrouble(`${channel} does not take the daily digest, which is tried again: ${because}`)
    this.#failing.add(channel)
  }
}
