// Statements whose texts are megabytes long.

import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Fault } from './fault.ts'
import { runOn, until } from './ground.ts'
import { count, expectTruth, keptReadings, longestGapMs, megabytes, seconds } from './kept-readings.ts'

const TEXTS = 10
const TEXT_BYTES = 10 * 2 ** 20
const PACE_MS = 10_000
/** Beside what the program is without them. */
const GROWTH_MB = 250

export const longTexts: Fault = {
  id: 'long-texts',
  title: '10 MB statement texts',
  done: `${TEXTS} distinct statements of 10 MB each run, one of them for 15 s, with track_activity_query_size at its most (1 MB): pg_stat_statements keeps ${TEXTS * 10} MB of texts`,
  holds:
    'Reading goes on at its pace; memory and store stay bounded; the statements are shown, their texts cut',
  async run(ground, expect) {
    const server = await ground.server('target', { settings: { track_activity_query_size: '1MB' } })
    const ledger = await ground.ledger(server.url())
    const process = await ground.watch({ targets: { shop: server.monitorUrl() } })
    await process.listening()
    if ((await until(() => process.hasReadSince('shop', 0), 60_000)) === null)
      throw new Error(`never read:\n${process.output}`)
    await sleep(12_000)
    const beforeMb = process.peakMb
    const startedAt = Date.now()
    const padding = 'x'.repeat(TEXT_BYTES)
    // one more column each: a name or a comment makes no other statement of it
    const long = (i: number, what: string) => `select ${what} as long_text${', 1'.repeat(i)} /* ${padding} */`
    await runOn(
      server.url(),
      Array.from({ length: TEXTS - 1 }, (_, i) => long(i, '1')),
    )
    const busy = new pg.Client({ connectionString: server.url() })
    await busy.connect()
    ground.later(() => busy.end())
    await busy.query(long(TEXTS, 'pg_sleep(15)'))
    const shownNow = async () =>
      (
        await process.json<readonly { readonly text: string | null }[]>(
          '/api/v1/targets/shop/statements?limit=1000',
        )
      ).filter(({ text }) => text?.includes('as long_text'))
    // reading texts loads all hundred megabytes into the server: it is done as rarely as that is dear
    const shownMs = await until(async () => (await shownNow()).length === TEXTS, 120_000)
    const shown = await shownNow()
    const longest = shown.reduce((most, { text }) => Math.max(most, text!.length), 0)
    const endedAt = Date.now()
    const code = await process.stop()
    await ledger.stop()
    const readings = await keptReadings({ dir: join(ground.dir, 'store') }, 'shop')
    const gapMs = longestGapMs(readings.snapshots, startedAt, endedAt)
    expect.that(
      shown.length === TEXTS,
      `${shown.length} of them shown within ${seconds(shownMs)}, with ${count(longest)} characters at most`,
    )
    expect.that(gapMs < PACE_MS, `never more than ${seconds(gapMs)} between readings`)
    expect.that(
      process.peakMb < beforeMb + GROWTH_MB,
      `at most ${megabytes(process.peakMb)} resident, ${megabytes(beforeMb)} before`,
    )
    expect.that(
      readings.sizeBytes < 100 * 2 ** 20,
      `the store holds ${megabytes(readings.sizeBytes / 2 ** 20)}`,
    )
    expectTruth(expect, readings, ledger)
    expect.that(code === 0, `stops with exit code ${code}`)
    return 'no interruption'
  },
}
