// The network to a target goes silent, late, lossy or away, and its name stops being known.

import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from './fault.ts'
import { until } from './ground.ts'
import { expectEnd, expectTruth, keptReadings, longestGapMs, seconds } from './kept-readings.ts'
import type { Behaviour } from './tcp-proxy.ts'

const PACE_MS = 8_000
const NAME = 'db.faults.example'
const NAMES_PRELOAD = resolve(import.meta.dirname, 'preload/known-names.mjs')

const WAYS: readonly (readonly [name: string, behaviour: Behaviour, forMs: number, isTold: boolean])[] = [
  ['silent', { kind: 'silent' }, 40_000, true],
  ['silent once let in', { kind: 'silent once let in' }, 25_000, true],
  ['0.1 s late', { kind: 'late', byMs: 100 }, 30_000, false],
  ['cut after 20 kB', { kind: 'cut', afterBytes: 20_000 }, 12_000, true],
  ['reset', { kind: 'refuse' }, 8_000, true],
]

export const halfOpen: Fault = {
  id: 'half-open',
  title: 'Network slow, half-open, gone',
  done: `A network between that passes nothing on (also: from the moment a new session is let in), passes everything 0.1 s late each way, cuts connections in the middle of an answer, resets them; then the host's name is unknown. 8 to 40 s each`,
  holds:
    'Nothing waits for ever; told as down with the reason; the other target is read at its pace; it goes on by itself; the increase over the hole is counted once',
  async run(ground, expect) {
    const shop = await ground.server('shop')
    const other = await ground.server('other')
    const ledger = await ground.ledger(shop.url())
    const proxy = await ground.proxy({ port: shop.server().port })
    const names = join(ground.dir, 'known-names')
    writeFileSync(names, NAME)
    const process = await ground.watch({
      targets: {
        shop: proxy.through(shop.monitorUrl()).replace('127.0.0.1', NAME),
        other: other.monitorUrl(),
      },
      preload: [NAMES_PRELOAD],
      env: { KNOWN_NAMES: names },
    })
    await process.listening()
    if ((await until(() => process.hasReadSince('shop', 0), 60_000)) === null)
      throw new Error(`never read:\n${process.output}`)
    await until(() => process.hasReadSince('other', 0), 60_000)
    await sleep(5_000)
    const startedAt = Date.now()
    const recovered: string[] = []
    const fault = async (
      name: string,
      forMs: number,
      isTold: boolean,
      begin: () => void,
      end: () => void,
    ) => {
      begin()
      const began = performance.now()
      const beganAt = Date.now()
      const toldMs = await until(async () => (await process.target('shop'))?.status === 'down', forMs)
      const because = (await process.target('shop'))?.because ?? ''
      await sleep(Math.max(0, forMs - (performance.now() - began)))
      const isRead = await process.hasReadSince('shop', beganAt)
      end()
      const over = Date.now()
      const backMs = await until(() => process.hasReadSince('shop', over), 90_000)
      if (isTold) expect.that(toldMs !== null, `${name}: told after ${seconds(toldMs)} ("${because}")`)
      else expect.that(isRead, `${name}: ${isRead ? 'read all the same' : 'not read any more'}`)
      expect.that(backMs !== null, `read again after ${seconds(backMs)}`)
      recovered.push(`${name} ${seconds(backMs)}`)
      await sleep(2_000)
    }
    for (const [name, behaviour, forMs, isTold] of WAYS)
      await fault(
        name,
        forMs,
        isTold,
        () => proxy.become(behaviour),
        () => proxy.become({ kind: 'forward' }),
      )
    await fault(
      'name unknown',
      8_000,
      true,
      () => {
        writeFileSync(names, '')
        // who is connected needs no name
        proxy.leadTo({ port: shop.server().port })
      },
      () => writeFileSync(names, NAME),
    )
    const endedAt = Date.now()
    const code = await process.stop()
    await ledger.stop()
    const kept = await keptReadings({ dir: join(ground.dir, 'store') }, 'shop')
    const others = await keptReadings({ dir: join(ground.dir, 'store') }, 'other')
    const gapMs = longestGapMs(others.snapshots, startedAt, endedAt)
    expect.that(gapMs < PACE_MS, `the other target: never more than ${seconds(gapMs)} between readings`)
    const { coveredMs, spanMs } = expectTruth(expect, kept, ledger)
    expect.that(
      coveredMs > spanMs * 0.9,
      `increases cover ${Math.round((coveredMs / spanMs) * 100)} % of the time, holes included`,
    )
    expectEnd(expect, process, code)
    return recovered.join(', ')
  },
}
