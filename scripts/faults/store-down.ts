// The store is on a server, which is stopped, hangs, and is behind a network that goes silent.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from './fault.ts'
import { until } from './ground.ts'
import { expectEnd, expectTruth, keptReadings, seconds } from './kept-readings.ts'
import { pauseServer } from './pause-server.ts'

const DOWN_MS = 12_000
const HANGS_MS = 20_000
/** The default, 2 minutes, is for statements that take long; the URL may say otherwise. */
const ANSWER_WITHIN_MS = 10_000

export const storeDown: Fault = {
  id: 'store-down',
  title: 'Store down or slow',
  done: `The server of the store is stopped for ${DOWN_MS / 1000} s, hangs (SIGSTOP) for ${HANGS_MS / 1000} s, and is behind a network that passes nothing on for ${HANGS_MS / 1000} s (query_timeout ${ANSWER_WITHIN_MS / 1000} s)`,
  holds:
    'The process goes on; /health answers within 10 s that the store fails; the target is not called down for it; no increase is lost or told twice',
  async run(ground, expect) {
    const shop = await ground.server('shop')
    const memory = await ground.server('memory', { durable: true })
    await memory.run('create database history')
    const ledger = await ground.ledger(shop.url())
    const proxy = await ground.proxy({ port: memory.server().port })
    const url = proxy.through(memory.url('history'))
    const process = await ground.watch({
      targets: { shop: shop.monitorUrl() },
      store: { url: `${url}?query_timeout=${ANSWER_WITHIN_MS}` },
    })
    await process.listening()
    if ((await until(() => process.hasReadSince('shop', 0), 60_000)) === null)
      throw new Error(`never read:\n${process.output}`)
    await sleep(6_000)
    const recovered: string[] = []
    const fault = async (name: string, forMs: number, begin: () => unknown, end: () => unknown) => {
      await begin()
      const began = performance.now()
      const toldMs = await until(async () => (await process.health(9_000)).status === 'failing', forMs)
      const askedAt = performance.now()
      const health = await process.health(15_000)
      const answerMs = performance.now() - askedAt
      await sleep(Math.max(0, forMs - (performance.now() - began)))
      await end()
      const over = Date.now()
      const backMs = await until(() => process.hasReadSince('shop', over), 120_000)
      const okMs = await until(async () => (await process.health()).status === 'ok', 60_000)
      expect.that(
        toldMs !== null && health.status === 'failing' && answerMs < 10_000,
        `${name}: /health failing after ${seconds(toldMs)} ("${health.because}"), answered in ${seconds(answerMs)}`,
      )
      expect.that(health.targets.shop === 'up', `target called ${health.targets.shop}`)
      expect.that(backMs !== null && okMs !== null, `saved again after ${seconds(backMs)}`)
      recovered.push(`${name} ${seconds(backMs)}`)
      await sleep(3_000)
    }
    await fault(
      'stopped',
      DOWN_MS,
      () => memory.stop('fast'),
      () => memory.start(),
    )
    const paused = { goOn: () => {} }
    ground.later(() => paused.goOn())
    await fault(
      'hanging',
      HANGS_MS,
      () => {
        paused.goOn = pauseServer(memory.server())
      },
      () => paused.goOn(),
    )
    await fault(
      'silent',
      HANGS_MS,
      () => proxy.become({ kind: 'silent' }),
      () => proxy.become({ kind: 'forward' }),
    )
    const code = await process.stop()
    await ledger.stop()
    const kept = await keptReadings({ url: memory.url('history') }, 'shop')
    const { coveredMs, spanMs, told, truth } = expectTruth(expect, kept, ledger)
    expect.that(
      coveredMs > spanMs - 12_000 && told > truth * 0.97,
      `increases cover ${Math.round((coveredMs / spanMs) * 100)} % of the time, outages included`,
    )
    const bug = /a bug in pgsteward[^\n]*\n[^\n]*/.exec(process.output)?.[0]
    expect.that(bug === undefined, bug ?? 'nothing called a bug')
    expectEnd(expect, process, code)
    return recovered.join(', ')
  },
}
