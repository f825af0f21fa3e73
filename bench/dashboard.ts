// How soon each page of the dashboard can be used: the real server over thirty days of a big target, the built dashboard, Chromium.

import { loadavg } from 'node:os'
import { launchBrowser } from '../packages/dashboard/test/browser.ts'
import { buildDashboard } from '../packages/dashboard/test/build.ts'
import { type Drawn, drawnOn, loadPage, type PageLoad } from '../packages/dashboard/test/page-load.ts'
import { TABLE_COUNT } from './dashboard-data.ts'
import { startFilled } from './dashboard-server.ts'
import { show, spreadOf, writeResults } from './measure.ts'
import { ACTIVE_IN_A_BIG_TARGET, DAYS, WATCHED_STATEMENT } from './store-data.ts'

const LOADS = 5
const RANGES = ['1h', '30d'] as const
const AIM_MS = 1_000

interface Measured {
  readonly name: string
  readonly range: string
  readonly loads: readonly PageLoad[]
  readonly drawn: Drawn
}

export async function run(): Promise<void> {
  await buildDashboard()
  const filled = await startFilled(progress)
  const browser = await launchBrowser()
  try {
    report(await measureAll(browser, await pagesOf(filled.address), filled.address))
  } finally {
    await browser.close()
    await filled.stop()
  }
}

function progress(text: string): void {
  process.stderr.write(`${text}\n`)
}

interface Page {
  readonly name: string
  readonly path: string
  /** The page has no range of its own. */
  readonly isOfNow?: true
}

async function pagesOf(address: string): Promise<readonly Page[]> {
  const post = (path: string, body: unknown) =>
    fetch(`${address}/api/v1/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-pgsteward': 'dashboard' },
      body: JSON.stringify(body),
    })
  const made = await post('reports', { target: 'big', kind: 'weekly' })
  const { page: report } = (await made.json()) as { readonly page: string }
  const findings = (await (
    await fetch(`${address}/api/v1/targets/big/findings?state=open`)
  ).json()) as readonly { readonly key: string }[]
  const key = findings[0]?.key
  return [
    { name: 'overview', path: '/' },
    { name: 'findings', path: '/findings', isOfNow: true },
    ...(key === undefined
      ? []
      : [{ name: 'finding', path: `/findings/${encodeURIComponent(key)}`, isOfNow: true } as const]),
    { name: 'alerts', path: '/alerts', isOfNow: true },
    { name: 'incidents', path: '/incidents', isOfNow: true },
    { name: 'availability', path: '/availability', isOfNow: true },
    { name: 'applications', path: '/applications' },
    { name: 'application', path: '/applications/shop-api' },
    { name: 'slow queries', path: '/slow-queries' },
    { name: 'logs', path: '/logs' },
    { name: 'activity', path: '/activity' },
    { name: 'statements', path: '/statements' },
    { name: 'statement', path: `/statements/${WATCHED_STATEMENT}` },
    { name: 'tables', path: '/tables', isOfNow: true },
    { name: 'indexes', path: '/indexes', isOfNow: true },
    { name: 'advice', path: '/advice', isOfNow: true },
    { name: 'maintenance', path: '/maintenance', isOfNow: true },
    { name: 'capacity', path: '/capacity', isOfNow: true },
    { name: 'reports', path: '/reports', isOfNow: true },
    { name: 'report', path: report, isOfNow: true },
    { name: 'checks', path: '/checks', isOfNow: true },
  ]
}

/** In rounds over all pages, so that a slow minute of the machine falls on all of them. */
async function measureAll(
  browser: Awaited<ReturnType<typeof launchBrowser>>,
  pages: readonly Page[],
  address: string,
): Promise<readonly Measured[]> {
  const cases = pages.flatMap(({ name, path, isOfNow }) =>
    (isOfNow ? ['30d'] : RANGES).map((range) => ({
      name,
      range: isOfNow ? '' : range,
      url: `${address}${path}?range=${range}`,
      loads: [] as PageLoad[],
    })),
  )
  const drawn: Drawn[] = []
  for (const { url, name } of cases) {
    progress(`looking at ${name}`)
    drawn.push(await drawnOn(browser, url))
  }
  for (let round = 0; round < LOADS; round++) {
    progress(`round ${round + 1} of ${LOADS}`)
    for (const each of cases) each.loads.push(await loadPage(browser, each.url))
  }
  return cases.map((each, index) => ({ ...each, drawn: drawn[index]! }))
}

/** Of the last one, five and fifteen minutes. */
const loadAverages = () =>
  loadavg()
    .map((each) => each.toFixed(1))
    .join(', ')

function report(measured: readonly Measured[]): void {
  const of = (loads: readonly PageLoad[], value: (load: PageLoad) => number) => spreadOf(loads.map(value))
  const interactive = (each: Measured) => of(each.loads, (load) => load.interactiveMs).median
  const slowest = measured.toSorted((a, b) => interactive(b) - interactive(a))[0]!
  const over = measured.filter((each) => interactive(each) >= AIM_MS)
  const kB = (bytes: number) => (bytes / 1_024).toFixed(0)
  writeResults(
    'dashboard',
    'The dashboard: how soon a page can be used',
    [
      `${DAYS} days of a target with ${ACTIVE_IN_A_BIG_TARGET} statements, ${TABLE_COUNT} tables and ${4 * TABLE_COUNT} indexes in a PostgreSQL store; server, store, the`,
      'watched database and Chromium on the same cores. Each load is in a new window with nothing cached. *First* is the heading of the',
      'page; *usable* is when all answers are here, nothing is left to be drawn, and a key that was pressed then is answered. Load average',
      `${loadAverages()} at the end: above the number of cores, times are those of a machine that others use, and the least of them says most.`,
      '',
      `The slowest is ${slowest.name} ${slowest.range}: ${interactive(slowest).toFixed(0)} ms. Aim: the slowest under ${AIM_MS} ms: ${over.length === 0 ? 'met' : `**missed** by ${over.map(({ name, range }) => `${name} ${range}`.trim()).join(', ')}`}.`,
      '',
      '| Page | range | first, ms | usable, ms | longest task, ms | slowest answer, ms | scripts, kB | JSON, kB | rows | charts | points | days |',
      '|---|---|---|---|---:|---|---:|---:|---:|---:|---:|---:|',
      ...measured.map(({ name, range, loads, drawn }) => {
        const answer = loads.toSorted((a, b) => b.slowestAnswer.ms - a.slowestAnswer.ms)[
          Math.floor(loads.length / 2)
        ]!.slowestAnswer
        return `| ${[
          name,
          range,
          show(
            of(loads, (load) => load.firstContentMs),
            0,
          ),
          show(
            of(loads, (load) => load.interactiveMs),
            0,
          ),
          of(loads, (load) => load.longestTaskMs).median.toFixed(0),
          `${answer.ms.toFixed(0)} ${answer.path.replace('targets/big/', '').slice(0, 40)}`,
          kB(of(loads, (load) => load.scriptBytes).median),
          kB(of(loads, (load) => load.jsonBytes).median),
          drawn.rows,
          drawn.charts,
          drawn.points,
          drawn.days.toFixed(1),
        ].join(' | ')} |`
      }),
    ].join('\n'),
  )
}
