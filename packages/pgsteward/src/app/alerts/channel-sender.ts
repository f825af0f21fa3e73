// Empties one channel's outbox, one message at a time: claims, sends, says what became of it, and waits as the receiver asks.

import type { DeliveryBatch, DeliveryResult } from '../../model/alert.ts'
import type { Milliseconds } from '../../model/units.ts'
import type { Channel, SendResult } from '../../notify/channel.ts'
import { retryDelayMs } from '../../notify/retry-delay.ts'
import type { AlertStore } from '../../store/alerts/alert-store.ts'

export interface SenderOptions {
  readonly channel: Channel
  readonly store: AlertStore
  readonly now: () => Date
  readonly chance: () => number
  /** Once when a channel begins to fail, and once when it works again. */
  readonly onTrouble: (text: string) => void
}

export interface ChannelState {
  readonly isFailing: boolean
  readonly because: string | null
  readonly lastSentAt: Date | null
  /** Alerts that the channel took since this process began. */
  readonly sent: number
  /** Tries that failed or were refused, since this process began. */
  readonly failedTries: number
}

/** What other processes put into the outbox, and what is due again, is found within this. */
const LOOK_EVERY_MS = 1_000
/** A receiver that is down is not asked for every message that waits at once. */
const FAILED_PAUSE_MS = 250
/** Longer than any send may take: only a sender that is lost leaves a batch behind. */
const LEASE_MS = 60_000
const SEND_WITHIN_MS = 30_000
/** An alert of three days ago helps nobody who was not told meanwhile; the dashboard has it. */
const GIVE_UP_AFTER_MS: Milliseconds = 3 * 86_400_000
/** Waited through in small steps, so that a stop is not. */
const STOP_GRACE_MS = 5_000

export class ChannelSender {
  readonly #options: SenderOptions
  readonly #stop = new AbortController()
  #wake: () => void = () => undefined
  #running: Promise<void> | null = null
  #state: ChannelState = { isFailing: false, because: null, lastSentAt: null, sent: 0, failedTries: 0 }

  constructor(options: SenderOptions) {
    this.#options = options
  }

  get state(): ChannelState {
    return this.#state
  }

  start(): void {
    this.#running ??= this.#run()
  }

  /** There may be something to send. */
  poke(): void {
    this.#wake()
  }

  /** Lets a message that is on its way arrive, for a while. */
  async stop(): Promise<void> {
    this.#stop.abort()
    this.#wake()
    await this.#running
  }

  async #run(): Promise<void> {
    const { channel } = this.#options
    while (!this.#stop.signal.aborted) {
      const pauseMs = await this.#sendNext().catch((error: Error) => {
        // the outbox can't be read or written: nothing is lost, the lease runs out and the batch is claimed again
        this.#trouble(`alerts wait: ${error.message}`, error.message)
        return LOOK_EVERY_MS
      })
      await this.#rest(pauseMs ?? channel.paceMs)
    }
  }

  /** How long to wait before the next look; null: as the channel's pace has it. */
  async #sendNext(): Promise<Milliseconds | null> {
    const { channel, store, now } = this.#options
    const batch = await store.claimDeliveries({
      channel: channel.id,
      now: now(),
      leaseMs: LEASE_MS,
      most: channel.most,
    })
    if (batch === null) return LOOK_EVERY_MS
    const result = await this.#send(batch)
    const at = now()
    await store.finishDeliveries(batch.id, this.#resultOf(batch, result, at), at)
    if (result.is === 'sent') {
      if (this.#state.isFailing) this.#options.onTrouble(`${channel.id} takes alerts again`)
      this.#state = {
        ...this.#state,
        isFailing: false,
        because: null,
        lastSentAt: at,
        sent: this.#state.sent + batch.deliveries.length,
      }
      return null
    }
    this.#state = { ...this.#state, failedTries: this.#state.failedTries + 1 }
    this.#trouble(
      result.is === 'refused'
        ? `${channel.id} refused an alert, which is not sent again: ${result.because}`
        : `${channel.id} does not take alerts, which wait: ${result.because}`,
      result.because,
    )
    return result.is === 'failed' ? Math.max(FAILED_PAUSE_MS, result.retryAfterMs ?? 0) : null
  }

  async #send(batch: DeliveryBatch): Promise<SendResult> {
    const end = new AbortController()
    const limit = setTimeout(
      () => end.abort(new Error(`no answer within ${SEND_WITHIN_MS / 1_000} s`)),
      SEND_WITHIN_MS,
    )
    const onStop = () =>
      setTimeout(() => end.abort(new Error('pgsteward is stopping')), STOP_GRACE_MS).unref()
    this.#stop.signal.addEventListener('abort', onStop, { once: true })
    try {
      return await this.#options.channel.send(batch, end.signal)
    } catch (error) {
      return { is: 'failed', because: (error as Error).message, retryAfterMs: null }
    } finally {
      clearTimeout(limit)
      this.#stop.signal.removeEventListener('abort', onStop)
    }
  }

  #resultOf(batch: DeliveryBatch, result: SendResult, at: Date): DeliveryResult {
    if (result.is === 'sent') return result
    if (result.is === 'refused') return { is: 'given-up', because: result.because }
    const oldest = Math.min(...batch.deliveries.map(({ message }) => message.at.getTime()))
    if (at.getTime() - oldest > GIVE_UP_AFTER_MS) return { is: 'given-up', because: result.because }
    const attempts = Math.max(...batch.deliveries.map((each) => each.attempts))
    const delayMs = Math.max(result.retryAfterMs ?? 0, retryDelayMs(attempts, this.#options.chance()))
    return { is: 'failed', because: result.because, retryAt: new Date(at.getTime() + delayMs) }
  }

  #trouble(text: string, because: string): void {
    if (!this.#state.isFailing) this.#options.onTrouble(text)
    this.#state = { ...this.#state, isFailing: true, because }
  }

  async #rest(ms: Milliseconds): Promise<void> {
    if (ms <= 0 || this.#stop.signal.aborted) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms)
      this.#wake = () => {
        // a poke shortens waiting for work, never the pace that a receiver demands
        if (ms !== LOOK_EVERY_MS && !this.#stop.signal.aborted) return
        clearTimeout(timer)
        resolve()
      }
    })
    this.#wake = () => undefined
  }
}
