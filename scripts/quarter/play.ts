// Sets the quarter's stage and plays it: the shop's database, pgsteward's history on the same server, the team with its diary.

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { openStore } from '../../packages/pgsteward/src/store/open-store.ts'
import { boardStories } from './board.ts'
import { BEGIN, END } from './calendar.ts'
import { quarterConfig } from './config.ts'
import { dutyStories } from './duty.ts'
import { type Page, startPager } from './pager.ts'
import { gatherTeam, type Team } from './people.ts'
import { releaseStories } from './releases.ts'
import { startShopDatabase } from './shop-database.ts'
import { simulate } from './simulate.ts'

/** The morning after, in which the last day, week and month are reported on. */
const REPORTS_AFTER_MS = 9 * 3_600_000

export interface PlayOptions {
  /** For the database's files. */
  readonly dir: string
  /** Where reports are written. */
  readonly reports: string
  readonly from?: Date
  readonly to?: Date
  readonly onProgress?: (day: number, of: number) => void
}

export interface Played {
  readonly team: Team
  /** What each person and the team were told. */
  readonly pages: readonly Page[]
  readonly troubles: readonly string[]
}

/** `then` sees it while its database still runs. */
export async function play<Result>(
  { dir, reports, from = BEGIN, to = END, onProgress = () => undefined }: PlayOptions,
  then: (played: Played) => Promise<Result>,
): Promise<Result> {
  const clock = { at: from }
  const pager = await startPager(() => clock.at)
  const shop = await startShopDatabase(join(dir, 'postgres'))
  const store = await openStore({ url: shop.storeUrl })
  const troubles: string[] = []
  const builtIndexes = new Set<string>()
  try {
    const config = quarterConfig({ shopUrl: shop.url, pagerUrl: pager.url, folder: reports })
    const team = await gatherTeam({
      store,
      config,
      clock,
      shopUrl: shop.url,
      diary: [...boardStories(), ...dutyStories(), ...releaseStories()],
      onTrouble: (text) => troubles.push(`${clock.at.toISOString()}: ${text}`),
      onMaintained: async () => {
        for (const table of await shop.builtIndexes()) builtIndexes.add(table)
      },
    })
    try {
      await simulate({ store, config, builtIndexes, onJudged: team.act, onProgress, from, to })
      clock.at = new Date(to.getTime() + REPORTS_AFTER_MS)
      await team.reports.look()
      return await then({ team, pages: pager.pages, troubles })
    } finally {
      await team.stop()
    }
  } finally {
    await store.close()
    await shop.stop()
    await pager.stop()
  }
}

/** Of the reports below a folder, as paths within it. */
export function htmlFiles(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true })
    .map(String)
    .filter((path) => path.endsWith('.html'))
    .toSorted()
}
