// The truth that readings are held against: a client that counts how often it ran one statement, by the moment.

import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'

/** As pg_stat_statements has it begin. */
export const LEDGER_TEXT = 'update ledger set n = n'

const EVERY_MS = 20

export class Ledger {
  readonly #url: string
  readonly #stop = new AbortController()
  /** When the nth execution was answered; in order. */
  readonly #at: number[] = []
  #running: Promise<void> | null = null

  constructor(url: string) {
    this.#url = url
  }

  /** Resolves once the first was written. */
  async start(): Promise<void> {
    this.#running = this.#run()
    while (this.#at.length === 0) await sleep(20)
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#running
  }

  /** Executions until then. */
  countAt(moment: number): number {
    let [low, high] = [0, this.#at.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#at[middle]! <= moment) low = middle + 1
      else high = middle
    }
    return low
  }

  /** The most executions within any so many milliseconds. */
  mostWithin(ms: number): number {
    return this.#at.reduce((most, at, i) => Math.max(most, this.countAt(at + ms) - i), 0)
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const client = new pg.Client({ connectionString: this.#url, connectionTimeoutMillis: 2_000 })
      client.on('error', () => undefined)
      try {
        await client.connect()
        while (!this.#stop.signal.aborted) {
          await client.query('update ledger set n = n + 1')
          this.#at.push(Date.now())
          await sleep(EVERY_MS)
        }
      } catch {
        // the server is down: that is what some faults are about
        await sleep(100)
      } finally {
        void client.end().catch(() => undefined)
      }
    }
  }
}
