// pg_stat_statements is reset under our feet, and has room for a hundred statements while thousands run.

import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from './fault.ts'
import { runOn, until } from './ground.ts'
import { expectEnd, expectTruth, keptReadings, seconds } from './kept-readings.ts'

const RESETS = 5
const STATEMENTS = 6_000

export const resets: Fault = {
  id: 'resets',
  title: 'Resets and eviction storms',
  done: `Somebody calls pg_stat_statements_reset() ${RESETS} times; then ${STATEMENTS.toLocaleString('en-US')} distinct statements run where pg_stat_statements holds 100`,
  holds: 'Each is marked; no call is invented, and none told twice; memory stays as it was',
  async run(ground, expect) {
    const server = await ground.server('target', { settings: { 'pg_stat_statements.max': '100' } })
    const ledger = await ground.ledger(server.url())
    const process = await ground.watch({ targets: { shop: server.monitorUrl() } })
    await process.listening()
    if ((await until(() => process.hasReadSince('shop', 0), 60_000)) === null)
      throw new Error(`never read:\n${process.output}`)
    await sleep(6_000)
    for (let i = 0; i < RESETS; i++) {
      await server.run('select pg_stat_statements_reset()')
      await sleep(2_500)
    }
    const storm = Array.from({ length: STATEMENTS }, (_, i) => statementOf(i))
    const began = performance.now()
    await runOn(server.url(), storm)
    const stormMs = performance.now() - began
    const over = Date.now()
    const backMs = await until(() => process.hasReadSince('shop', over), 60_000)
    await sleep(6_000)
    const code = await process.stop()
    await ledger.stop()
    const kept = await keptReadings({ dir: join(ground.dir, 'store') }, 'shop')
    const marked = (cause: string) => kept.breaks.filter((each) => each === cause).length
    expect.that(marked('reset') === RESETS, `${marked('reset')} resets marked`)
    expect.that(
      marked('eviction') > 0,
      `evictions marked in ${marked('eviction')} intervals of a storm of ${seconds(stormMs)}`,
    )
    expectTruth(expect, kept, ledger)
    expect.that(backMs !== null, `read ${seconds(backMs)} after the storm`)
    expectEnd(expect, process, code)
    return `read ${seconds(backMs)} after the storm`
  },
}

/** Names of columns make no other statement of it; operators do. */
function statementOf(number: number): string {
  const operators = number.toString(2).padStart(13, '0').split('')
  return `select 1${operators.map((bit) => (bit === '1' ? ' + 1' : ' - 1')).join('')}`
}
