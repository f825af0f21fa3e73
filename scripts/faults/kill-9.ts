// The process dies in the middle of whatever it does, again and again, with the embedded store.

import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from './fault.ts'
import { until } from './ground.ts'
import { count, expectTruth, keptReadings, megabytes, seconds } from './kept-readings.ts'

const KILLS = 20
/** A second's readings are met too, after the time that the first takes. */
const BEYOND_FIRST_MS = 4_000
const FROM_MS = 300

export const kill9: Fault = {
  id: 'kill-9',
  title: 'kill -9',
  done: `The process is killed while it makes its embedded store, then ${KILLS} times from ${FROM_MS / 1000} s after its start to ${BEYOND_FIRST_MS / 1000} s after the time that a first reading takes, and started again`,
  holds:
    'The store opens each time; each reading that was shown is kept; none is half or twice; no lock or lease is waited for',
  async run(ground, expect) {
    const server = await ground.server('target')
    const ledger = await ground.ledger(server.url())
    const options = { targets: { shop: server.monitorUrl() } }
    const shown = new Set<number>()
    let [failedStarts, peakMb] = [0, 0]
    const making = await ground.watch(options)
    await sleep(2_000)
    await making.kill()
    const whole = await ground.watch(options)
    await until(() => whole.hasReadSince('shop', 0), 120_000)
    await whole.stop()
    const firstAt = Date.now()
    const first = await ground.watch(options)
    const firstMs = await until(() => first.hasReadSince('shop', firstAt), 60_000)
    await first.kill()
    if (firstMs === null) throw new Error(`never read:\n${first.output}`)
    const spanMs = firstMs + BEYOND_FIRST_MS - FROM_MS
    for (let kill = 0; kill < KILLS; kill++) {
      const startedAt = Date.now()
      const killAt =
        startedAt +
        FROM_MS +
        // half of them spread evenly, so that each stage is met, the others by chance
        spanMs * (kill < KILLS / 2 ? kill / (KILLS / 2) : Math.random())
      const process = await ground.watch(options)
      while (Date.now() < killAt) {
        const readAt = (await process.target('shop'))?.lastReadAt
        if (readAt != null) shown.add(Date.parse(readAt))
        if (!process.isRunning) break
        await sleep(50)
      }
      if (!process.isRunning) {
        failedStarts += 1
        ground.say(`  ended by itself:\n${process.output}\n`)
      }
      await process.kill()
      peakMb = Math.max(peakMb, process.peakMb)
    }
    const startedAt = Date.now()
    const last = await ground.watch(options)
    const recoveredMs = await until(() => last.hasReadSince('shop', startedAt), 60_000)
    await sleep(3_000)
    const code = await last.stop()
    await ledger.stop()
    const kept = await keptReadings({ dir: join(ground.dir, 'store') }, 'shop')
    const times = new Set(kept.snapshots)
    const lost = [...shown].filter((at) => !times.has(at)).length
    expect.that(failedStarts === 0, `${failedStarts} of ${KILLS} starts failed`)
    expect.that(lost === 0, `of ${count(shown.size)} readings that were shown ${lost} lost`)
    expectTruth(expect, kept, ledger)
    expect.that(code === 0, `in the end it stops with exit code ${code}`)
    expect.that(
      recoveredMs !== null && recoveredMs < firstMs + 20_000,
      `a start takes ${seconds(firstMs)} to its first reading, the last one took ${seconds(recoveredMs)}`,
    )
    const restMb = Math.max(peakMb, last.peakMb)
    expect.that(
      restMb < 1_024,
      `at most ${megabytes(restMb)} resident; ${megabytes(last.openingMb)} when it opens the store, ${megabytes(whole.openingMb)} when it makes one`,
    )
    return `read again ${seconds(recoveredMs)} after the start`
  },
}
