// The load story on the reference application, whole (issue 6): the five scenarios, scaled to seconds, each end in a report that names
// the planted bottleneck; after the index migrations the comparison shows the improvement; with a planted slowdown it fails and names
// the statement.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { bottleneckOf } from '../../src/gate/bottleneck.ts'
import { compareRuns } from '../../src/gate/compare-runs.ts'
import { BUILT_IN_SCENARIOS } from '../../src/load/scenarios/all.ts'
import type { Comparison, Quantile } from '../../src/model/comparison.ts'
import { type LoadRun, loadRunSchema } from '../../src/model/load-run.ts'
import type { Scenario } from '../../src/model/scenario.ts'
import { comparisonText } from '../../src/report/comparison-text.ts'
import { loadReportText } from '../../src/report/load-report-text.ts'
import { type DemoApplication, hastened, startDemoApplication } from './demo-application.ts'
import { DELIVERIES, HISTORY, INBOX, THREE_PAGES } from './three-pages.ts'

/** So large that reading a table whole is felt: 66,000 messages, 55,000 deliveries. */
const SCALE = 0.3
const REPETITIONS = 3
const MEASURED_S = 12
const THINK_SCALE = 0.2
/** Of users: a core or two shall do for application, database and generator. */
const USERS_SCALE: Readonly<Record<string, number>> = { load: 0.4, spike: 0.2, conversation: 0.5 }

let demo: DemoApplication
beforeAll(async () => {
  demo = await startDemoApplication(SCALE)
}, 300_000)
afterAll(() => demo?.stop())

const lengthS = ({ load }: Scenario) => load.stages.reduce((sum, stage) => sum + stage.for, 0) / 1000

test.each(BUILT_IN_SCENARIOS.map((scenario) => [scenario.id, scenario] as const))(
  'the scenario %s ends in a report that names the planted bottleneck (L1, L4)',
  async (_, scenario) => {
    const measured = await demo.load(hastened(scenario, THINK_SCALE), {
      timeScale: MEASURED_S / lengthS(scenario),
      loadScale: USERS_SCALE[scenario.id] ?? 1,
    })
    expect(loadRunSchema.parse(measured)).toEqual(measured)
    expect(measured).toMatchObject({ ended: 'completed', requests: { errors: 0, dropped: 0 } })
    expect(measured.checks.filter(({ failed }) => failed > 0)).toEqual([])
    const report = loadReportText(measured, bottleneckOf(measured))
    // which of those that lack an index is the worst differs between scenarios
    expect(report).toMatch(
      /Bottleneck[\s\S]*it reads the whole of (conversation_message|conversation|delivery|payment|assessment|message|member), [\d,]+ rows a scan, .*an index is missing/,
    )
  },
  180_000,
)

/** A machine that is too busy to send in time tells nothing: the run is made again, as `load ab` does it. */
async function measured(experiment: LoadRun['experiment'] = null): Promise<LoadRun> {
  for (let left = 3; ; left--) {
    const measured = await demo.load(THREE_PAGES, { experiment })
    if (measured.invalid.length === 0 || left === 0) return measured
  }
}

const bandsOf = ({ series }: Comparison, quantile: Quantile) =>
  new Map(series.filter((each) => each.quantile === quantile).map(({ name, band }) => [name, band]))

let after: readonly LoadRun[] = []
let slowed: readonly LoadRun[] = []

test('after the index migrations the comparison shows the improvement of each page, and passes', async () => {
  const before: LoadRun[] = []
  for (let time = 0; time < REPETITIONS; time++) before.push(await measured())
  await demo.migrate()
  // for the next test as well: base and head by turns
  for (let repetition = 1; repetition <= REPETITIONS; repetition++) {
    const experiment = { id: 'slow-inbox', design: 'interleaved', repetition } as const
    after = [...after, await measured({ ...experiment, side: 'base' })]
    await demo.switchFault('slow-inbox', true)
    slowed = [...slowed, await measured({ ...experiment, side: 'head' })]
    await demo.switchFault('slow-inbox', false)
  }
  const comparison = compareRuns(before, after)
  const told = comparisonText(comparison)
  expect(comparison.verdict, told).toBe('pass')
  const bands = bandsOf(comparison, 'p50')
  for (const page of [HISTORY, DELIVERIES]) expect(bands.get(page), told).toBe('improvement')
  expect(comparison.isNewBaselineDue, told).toBe(true)
  // the report of the new state names none of these tables any more
  const report = loadReportText(after[0]!, bottleneckOf(after[0]!))
  expect(report).not.toMatch(/an index is missing/)
}, 400_000)

test('with a planted slowdown the comparison fails and names the statement', () => {
  const comparison = compareRuns(after, slowed)
  const told = comparisonText(comparison)
  expect(comparison.verdict, told).toBe('fail')
  expect(bandsOf(comparison, 'p50').get(INBOX), told).toMatch(/critical|high/)
  expect(comparison.causes[0], told).toMatchObject({ kind: 'statement' })
  expect(comparison.causes[0]!.subject).toMatch(/count\(\*\) as unread from conversation_message/)
  expect(told).toContain('as unread')
})
