// The target is stopped, crashes, and hangs; a second target of the same process must not notice.

import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from './fault.ts'
import { type FaultServer, until } from './ground.ts'
import { expectEnd, expectTruth, keptReadings, longestGapMs, seconds } from './kept-readings.ts'
import { pauseServer } from './pause-server.ts'

const DOWN_MS = 10_000
/** Longer than an answer is waited for. */
const HANGS_MS = 40_000
/** Rounds of a second, with two cores for two servers and the program. */
const PACE_MS = 8_000

export const targetDown: Fault = {
  id: 'target-down',
  title: 'Target down',
  done: `Of two targets one is stopped for ${DOWN_MS / 1000} s, crashes (immediate stop) for ${DOWN_MS / 1000} s, and hangs (SIGSTOP of all its processes) for ${HANGS_MS / 1000} s`,
  holds:
    'Told as down with the reason; /health stays ok; the other target is read at its pace; the increase over the hole is counted once, marked, and never invented',
  async run(ground, expect) {
    const shop = await ground.server('shop')
    const other = await ground.server('other')
    const ledger = await ground.ledger(shop.url())
    const process = await ground.watch({ targets: { shop: shop.monitorUrl(), other: other.monitorUrl() } })
    await process.listening()
    const isRead = async () => (await process.target('shop'))?.status === 'up'
    if ((await until(isRead, 60_000)) === null) throw new Error(`never read:\n${process.output}`)
    await until(() => process.hasReadSince('other', 0), 60_000)
    await sleep(6_000)
    const startedAt = Date.now()
    const recovered: string[] = []
    const fault = async (
      name: string,
      ms: number,
      begin: () => Promise<unknown>,
      end: () => Promise<unknown>,
    ) => {
      await begin()
      const began = performance.now()
      const toldMs = await until(async () => (await process.target('shop'))?.status === 'down', ms)
      const because = (await process.target('shop'))?.because ?? 'no reason'
      const health = await process.health()
      await sleep(Math.max(0, ms - (performance.now() - began)))
      await end()
      const over = Date.now()
      const backMs = await until(() => process.hasReadSince('shop', over), 90_000)
      expect.that(toldMs !== null, `${name}: told after ${seconds(toldMs)} ("${because}")`)
      expect.that(health.status === 'ok' && health.targets.other === 'up', `/health ${health.status}`)
      expect.that(backMs !== null, `read again after ${seconds(backMs)}`)
      recovered.push(`${name} ${seconds(backMs)}`)
      await sleep(3_000)
    }
    const start = (server: FaultServer) => () => server.start()
    await fault('stopped', DOWN_MS, () => shop.stop('fast'), start(shop))
    await fault('crashed', DOWN_MS, () => shop.stop('immediate'), start(shop))
    const paused = { goOn: () => {} }
    ground.later(() => paused.goOn())
    await fault(
      'hanging',
      HANGS_MS,
      async () => {
        paused.goOn = pauseServer(shop.server())
      },
      async () => paused.goOn(),
    )
    const endedAt = Date.now()
    const code = await process.stop()
    await ledger.stop()
    const kept = await keptReadings({ dir: join(ground.dir, 'store') }, 'shop')
    const others = await keptReadings({ dir: join(ground.dir, 'store') }, 'other')
    const gapMs = longestGapMs(others.snapshots, startedAt, endedAt)
    expect.that(gapMs < PACE_MS, `the other target: never more than ${seconds(gapMs)} between readings`)
    expect.that(
      kept.breaks.filter((cause) => cause === 'restart').length === 2,
      `breaks kept: ${kept.breaks.join(', ')}`,
    )
    expectTruth(expect, kept, ledger)
    expectEnd(expect, process, code)
    return recovered.join(', ')
  },
}
