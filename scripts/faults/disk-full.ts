// The disk of the embedded store runs full while it is written to.

import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from './fault.ts'
import { until } from './ground.ts'
import { count, expectTruth, keptReadings, megabytes, seconds } from './kept-readings.ts'

const MEGABYTES = 220
const FULL_MS = 30_000

export const diskFull: Fault = {
  id: 'disk-full',
  title: 'Disk full',
  done: `The embedded store lies on a file system of ${MEGABYTES} MB, which another program fills to the last byte for ${FULL_MS / 1000} s at least; then there is room again`,
  holds:
    'The process goes on, or ends with a clear message and exit code; /health says that the store fails; what was kept before is there; readings go on when there is room',
  async run(ground, expect) {
    const mounted = ground.mount('disk', MEGABYTES)
    const dir = join(mounted, 'store')
    const server = await ground.server('target')
    const ledger = await ground.ledger(server.url())
    const options = { targets: { shop: server.monitorUrl() }, store: { dir } }
    const process = await ground.watch(options)
    await process.listening()
    if ((await until(() => process.hasReadSince('shop', 0), 60_000)) === null)
      throw new Error(`never read:\n${process.output}`)
    const shown: number[] = []
    const note = async () => {
      const at = (await process.target('shop'))?.lastReadAt
      if (at != null) shown.push(Date.parse(at))
    }
    for (let i = 0; i < 20; i++) {
      await note()
      await sleep(300)
    }
    const filler = join(mounted, 'filler')
    let filled = 0
    const fillAll = () => {
      filled += fill(filler)
    }
    fillAll()
    const began = performance.now()
    const failingMs = await until(async () => {
      // what the store gives back is taken as well
      fillAll()
      return !process.isRunning || (await process.health()).status === 'failing'
    }, 150_000)
    while (performance.now() - began < FULL_MS) {
      fillAll()
      await sleep(500)
    }
    const isAlive = process.isRunning
    const health = isAlive ? await process.health() : null
    rmSync(filler)
    const over = Date.now()
    let code: number | null = null
    let recovered: string
    if (isAlive) {
      expect.that(
        failingMs !== null && health?.status === 'failing',
        `/health failing after ${seconds(failingMs)} ("${health?.because}")`,
      )
      const backMs = await until(() => process.hasReadSince('shop', over), 120_000)
      expect.that(backMs !== null, `saved again after ${seconds(backMs)}`)
      recovered = seconds(backMs)
      await sleep(4_000)
      await note()
      code = await process.stop()
      expect.that(code === 0, `stops with exit code ${code}`)
    } else {
      code = await process.ended
      const words = process.output.trim().split('\n').slice(-4).join(' / ')
      expect.that(code === 3, `ended with exit code ${code} after ${seconds(failingMs)} ("${words}")`)
      const again = await ground.watch(options)
      const startedAt = Date.now()
      const backMs = await until(() => again.hasReadSince('shop', startedAt), 60_000)
      expect.that(backMs !== null, `started again, it reads after ${seconds(backMs)}`)
      recovered = `${seconds(backMs)} after it was started again`
      await sleep(4_000)
      await again.stop()
    }
    await ledger.stop()
    const kept = await keptReadings({ dir }, 'shop')
    const times = new Set(kept.snapshots)
    const lost = shown.filter((at) => !times.has(at)).length
    expect.that(lost === 0, `of ${count(new Set(shown).size)} readings that were shown ${lost} lost`)
    const { coveredMs, spanMs } = expectTruth(expect, kept, ledger)
    expect.that(
      coveredMs > spanMs - 12_000 || !isAlive,
      `increases cover ${Math.round((coveredMs / spanMs) * 100)} % of the time, the full disk included`,
    )
    expect.that(filled > 0, `${megabytes(filled / 2 ** 20)} of filler; ${megabytes(process.peakMb)} resident`)
    return recovered
  },
}

/** Until nothing goes in. Returns the bytes. */
function fill(path: string): number {
  const file = openSync(path, 'a')
  let written = 0
  try {
    for (const size of [2 ** 20, 4_096, 1]) {
      const block = Buffer.alloc(size, 'x')
      try {
        for (;;) {
          const part = writeSync(file, block)
          if (part === 0) break
          written += part
        }
      } catch {
        // as many of the next size
      }
    }
  } finally {
    closeSync(file)
  }
  return written
}
