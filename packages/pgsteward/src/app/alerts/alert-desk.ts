// Alerts, whole: findings against what was told, the outbox, a sender for each channel, acknowledgements.

import { setTimeout as sleep } from 'node:timers/promises'
import type {
  Alert,
  AlertContext,
  AlertEvent,
  AlertId,
  AlertMessage,
  AlertNews,
  AlertPolicy,
  AlertStep,
  OnCall,
  Silence,
} from '../../model/alert.ts'
import { StewardError } from '../../model/error.ts'
import type { OpenFinding } from '../../model/open-finding.ts'
import type { Milliseconds } from '../../model/units.ts'
import type { Channel } from '../../notify/channel.ts'
import { acknowledge, reconcileAlerts } from '../../notify/reconcile-alerts.ts'
import type { Store } from '../../store/store.ts'
import { ChannelSender, type ChannelState } from './channel-sender.ts'
import type { DigestDesk } from './digest-desk.ts'

export interface AlertDeskOptions {
  readonly store: Store
  readonly channels: readonly Channel[]
  readonly policy: AlertPolicy
  /** As the schedule and its overrides are at that moment. Default: there is none. */
  readonly onCall?: () => Promise<OnCall>
  /** Silences of the configuration (windows) that are in force. */
  readonly windows: (at: Date) => readonly Silence[]
  readonly messageOf: (finding: OpenFinding, news: AlertNews, at: Date) => AlertMessage
  /** Default: none. An alert goes without it where it can't be read in time. */
  readonly contextOf?: (finding: OpenFinding, at: Date) => Promise<AlertContext>
  readonly now: () => Date
  readonly chance: () => number
  readonly onTrouble: (text: string) => void
  /** Default: nobody gets any. */
  readonly digests?: DigestDesk
  /** Alerts of the target have gone on. */
  readonly onSteps?: (targetId: string) => void
}

/** Findings resolved since this long ago still end their alerts: longer than any spell in which nothing was reconciled. */
const ENDED_WITHIN_MS: Milliseconds = 7 * 86_400_000
/** Told with what a reader would look up first: somebody has to act. */
const WITH_CONTEXT: ReadonlySet<AlertEvent> = new Set(['opened', 'worsened', 'escalated', 'repeated'])
/** Of one reconciling: beyond it something is wrong with everything, and the alerts matter more. */
const MOST_CONTEXTS = 20
const CONTEXT_WITHIN_MS: Milliseconds = 2_000

const nobody: OnCall = () => null

function calledAt(onCall: OnCall, at: Date): { readonly onCall?: string } {
  const names = [onCall(at, 0), onCall(at, 1)].flatMap((each) => (each === null ? [] : [each.name]))
  return names.length === 0 ? {} : { onCall: names.join(', ') }
}

export class AlertDesk {
  readonly #options: AlertDeskOptions
  readonly #senders: ReadonlyMap<string, ChannelSender>
  readonly #underWay = new Map<string, Promise<unknown>>()

  constructor(options: AlertDeskOptions) {
    this.#options = options
    const { store, now, chance, onTrouble } = options
    this.#senders = new Map(
      options.channels.map((channel) => [
        channel.id,
        new ChannelSender({ channel, store, now, chance, onTrouble }),
      ]),
    )
  }

  get channels(): readonly { readonly channel: Channel; readonly state: ChannelState }[] {
    return this.#options.channels.map((channel) => ({ channel, state: this.#senders.get(channel.id)!.state }))
  }

  /** Before anything is judged anew: what was found last and told to nobody, since the process ended in between, is told now. */
  async start(targetIds: readonly string[]): Promise<void> {
    const { store, now } = this.#options
    // one process owns the embedded store, so whoever was sending is gone
    if (store.kind === 'embedded') await store.giveBackDeliveries(now())
    for (const targetId of targetIds) await this.reconcile(targetId)
    for (const sender of this.#senders.values()) sender.start()
    this.#options.digests?.start()
  }

  async stop(): Promise<void> {
    await this.#options.digests?.stop()
    await Promise.all([...this.#senders.values()].map((sender) => sender.stop()))
    await Promise.allSettled(this.#underWay.values())
  }

  /** After the target's findings were saved. */
  async reconcile(targetId: string): Promise<void> {
    await this.#alone(targetId, async () => {
      const { store, policy, windows, now, messageOf } = this.#options
      const at = now()
      const [onCall, alerts, findings, silences] = await Promise.all([
        this.#options.onCall?.() ?? nobody,
        store.alerts({ targetId, states: ['firing', 'acknowledged'], limit: 10_000 }),
        store.knownFindings(targetId, new Date(at.getTime() - ENDED_WITHIN_MS)),
        store.silences(at),
      ])
      const steps = reconcileAlerts({
        findings,
        alerts,
        silences: [...silences.filter(({ from }) => from <= at), ...windows(at)],
        policy,
        onCall,
        messageOf: (finding, news) => ({ ...messageOf(finding, news, at), ...calledAt(onCall, at) }),
        now: at,
      })
      const saved = await store.saveAlertSteps(await this.#inContext(steps, findings, at), at)
      if (saved > 0) this.#options.onSteps?.(targetId)
      if (steps.some(({ message }) => message !== null)) this.#poke()
    })
  }

  /**
   * Throws 'alert-unknown' where nothing is firing. `until` null: until it is over or grows worse.
   */
  async acknowledge(
    { targetId, findingKey }: Pick<AlertId, 'targetId' | 'findingKey'>,
    by: string,
    until: Date | null,
    because: string | null,
  ): Promise<Alert> {
    const { store, now, messageOf } = this.#options
    return await this.#alone(targetId, async () => {
      // another process may send an event between our reading and our writing
      for (let tries = 0; tries < 5; tries += 1) {
        const at = now()
        const [alert] = await store.alerts({ targetId, findingKey, states: ['firing', 'acknowledged'] })
        const finding = await store.finding(targetId, findingKey)
        if (alert === undefined || finding === null) break
        const step = acknowledge(alert, by, until, because, (news) => messageOf(finding, news, at))
        if ((await store.saveAlertSteps([step], at)) === 0) continue
        this.#options.onSteps?.(targetId)
        this.#poke()
        return step.alert
      }
      throw new StewardError('alert-unknown', `nothing is firing for "${findingKey}" of ${targetId}`, {
        hint: '`pgsteward alerts` lists what is.',
      })
    })
  }

  async #inContext(
    steps: readonly AlertStep[],
    findings: readonly OpenFinding[],
    at: Date,
  ): Promise<readonly AlertStep[]> {
    const { contextOf } = this.#options
    if (contextOf === undefined) return steps
    const byKey = new Map(findings.map((finding) => [finding.key, finding]))
    const told = steps.filter(({ message }) => message !== null && WITH_CONTEXT.has(message.event))
    const contexts = new Map<AlertStep, AlertContext>()
    const reading = Promise.all(
      told.slice(0, MOST_CONTEXTS).map(async (step) => {
        const finding = byKey.get(step.alert.findingKey)
        if (finding !== undefined) contexts.set(step, await contextOf(finding, at))
      }),
    ).catch(() => undefined)
    await Promise.race([reading, sleep(CONTEXT_WITHIN_MS, undefined, { ref: false })])
    return steps.map((step) => {
      const context = contexts.get(step)
      return context === undefined || step.message === null
        ? step
        : { ...step, message: { ...step.message, context } }
    })
  }

  #poke(): void {
    for (const sender of this.#senders.values()) sender.poke()
  }

  /** One after the other for each target. */
  async #alone<T>(targetId: string, run: () => Promise<T>): Promise<T> {
    const before = this.#underWay.get(targetId) ?? Promise.resolve()
    const mine = before.then(run, run)
    this.#underWay.set(
      targetId,
      mine.catch(() => undefined),
    )
    return await mine
  }
}
