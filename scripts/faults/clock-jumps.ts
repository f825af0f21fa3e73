// The clock of the program jumps an hour forward and back, and its time zone changes to winter time.

import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from './fault.ts'
import { until } from './ground.ts'
import { chainsOf, count, expectEnd, keptReadings, seconds } from './kept-readings.ts'

const CLOCK_PRELOAD = resolve(import.meta.dirname, 'preload/moved-clock.mjs')
const HOUR_MS = 3_600_000
const FOR_MS = 12_000
/** Berlin goes from summer to winter time at this moment. */
const DST_AT = Date.UTC(2026, 9, 25, 1, 0, 0)

export const clockJumps: Fault = {
  id: 'clock-jumps',
  title: 'Clock jumps',
  done: `The program's clock (Date, by a module loaded before it) goes an hour forward, back, an hour back, and forward again, ${FOR_MS / 1000} s apart; then the process is killed while it is forward and started when it is right; then it runs over the end of summer time in Europe/Berlin`,
  holds:
    'It reads on at once each time; no calls are invented or told twice; sums equal the intervals; nobody waits for a lease of the future; the end of summer time has no effect',
  async run(ground, expect) {
    const server = await ground.server('target')
    const ledger = await ground.ledger(server.url())
    const clock = join(ground.dir, 'clock')
    const move = (ms: number) => writeFileSync(clock, String(ms))
    move(0)
    const options = {
      targets: { shop: server.monitorUrl() },
      preload: [CLOCK_PRELOAD],
      env: { MOVED_CLOCK: clock, TZ: 'Europe/Berlin' },
    }
    let process = await ground.watch(options)
    await process.listening()
    if ((await until(() => process.hasReadSince('shop', 0), 60_000)) === null)
      throw new Error(`never read:\n${process.output}`)
    const firstAt = Date.now()
    await sleep(6_000)
    const recovered: string[] = []
    let now = 0
    for (const [name, ms] of [
      ['forward', HOUR_MS],
      ['right again', 0],
      ['back', -HOUR_MS],
      ['right again', 0],
    ] as const) {
      move(ms)
      const from = Date.now() + ms
      // dated by the moved clock, and neither before nor long after
      const backMs = await until(async () => {
        const at = (await process.target('shop'))?.lastReadAt
        const ageMs = at == null ? -1 : Date.parse(at) - from
        return ageMs > 0 && ageMs < 60_000
      }, 30_000)
      expect.that(backMs !== null, `${name}: read after ${seconds(backMs)}`)
      recovered.push(`${name} ${seconds(backMs)}`)
      now = ms
      await sleep(FOR_MS)
    }
    move(HOUR_MS)
    await sleep(5_000)
    const { peakMb } = process
    await process.kill()
    move(now)
    const restartedAt = Date.now()
    process = await ground.watch(options)
    const restartedMs = await until(async () => {
      const at = (await process.target('shop'))?.lastReadAt
      return at != null && Date.parse(at) > restartedAt
    }, 60_000)
    expect.that(
      restartedMs !== null,
      `killed while forward, restarted when right: read after ${seconds(restartedMs)}`,
    )
    await sleep(3_000)
    const code = await process.stop()
    const lastAt = Date.now()
    const truth = ledger.countAt(lastAt) - ledger.countAt(firstAt - 10_000)
    const kept = await keptReadings({ dir: join(ground.dir, 'store') }, 'shop')
    const told = kept.intervals.reduce((sum, { calls }) => sum + calls, 0)
    expect.that(told > truth * 0.5 && told <= truth, `${count(told)} calls told of ${count(truth)} made`)
    expect.that(
      kept.intervals.every(({ calls }) => calls >= 0),
      'no increase is negative',
    )
    expect.that(
      Math.abs(kept.rawCalls - kept.summedCalls) < 0.5,
      `sums say ${count(kept.summedCalls)}, intervals ${count(kept.rawCalls)}`,
    )
    expectEnd(expect, { peakMb: Math.max(peakMb, process.peakMb) }, code)

    // a store of its own: the other has seen the years go by
    const winter = ground.folder('winter')
    move(DST_AT - 40_000 - Date.now())
    const summer = await ground.watch({ ...options, dir: winter })
    await summer.listening()
    await until(async () => {
      const at = (await summer.target('shop'))?.lastReadAt
      return at != null && Date.parse(at) > DST_AT + 25_000
    }, 120_000)
    await summer.stop()
    await ledger.stop()
    const { intervals } = await keptReadings({ dir: join(winter, 'store') }, 'shop')
    const longest = intervals.reduce((most, { ms }) => Math.max(most, ms), 0)
    const spans = intervals.some(({ at }) => at < DST_AT) && intervals.some(({ at }) => at > DST_AT)
    expect.that(
      spans && chainsOf(intervals).length === 1,
      `end of summer time: one chain of ${count(intervals.length)} intervals, the longest ${seconds(longest)}`,
    )
    return recovered.join(', ')
  },
}
