// The load story on the reference application, whole (issue 6): the five scenarios, scaled to seconds, each end in a report that names
// the planted bottleneck; after the index migrations the comparison shows the improvement; with a planted slowdown it fails and names
// the statement.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AbLoop, abLoop, type Side } from '../../src/app/load/ab-loop.ts'
import { bottleneckOf } from '../../src/gate/bottleneck.ts'
import { compareRuns } from '../../src/gate/compare-runs.ts'
import { isDisturbed } from '../../src/gate/disturbed.ts'
import { nextStep } from '../../src/gate/next-step.ts'
import { MOST_REPETITIONS } from '../../src/gate/support-level.ts'
import { Random } from '../../src/load/engine/random.ts'
import { BUILT_IN_SCENARIOS } from '../../src/load/scenarios/all.ts'
import type { Comparison, Quantile } from '../../src/model/comparison.ts'
import { type LoadRun, loadRunSchema } from '../../src/model/load-run.ts'
import type { Scenario } from '../../src/model/scenario.ts'
import { comparisonText } from '../../src/report/comparison-text.ts'
import { loadReportText } from '../../src/report/load-report-text.ts'
import { type DemoApplication, hastened, startDemoApplication } from './demo-application.ts'
import { DELIVERIES, HISTORY, INBOX, THREE_PAGES } from './three-pages.ts'

/** So large that reading a table whole is felt: 110,000 messages, 92,000 deliveries. */
const SCALE = 0.5
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

/** Of each page in each run: the runs of a side have to come to the two hundred that a median takes. */
const LEAST_OF_A_PAGE = 50
let timeScale = 1

/** As long as this machine takes for enough requests while the pages are slow. */
async function chooseLength(): Promise<void> {
  const trial = await demo.load(THREE_PAGES, { timeScale: 0.5 })
  const pages = trial.series.filter(({ name }) => [INBOX, HISTORY, DELIVERIES].includes(name))
  const fewest = Math.min(...pages.map(({ count }) => count))
  timeScale = Math.min(6, Math.max(0.4, (0.5 * LEAST_OF_A_PAGE) / Math.max(1, fewest)))
}

const measured = (experiment: LoadRun['experiment'] = null) =>
  demo.load(THREE_PAGES, { experiment, timeScale })

const bandsOf = ({ series }: Comparison, quantile: Quantile) =>
  new Map(series.filter((each) => each.quantile === quantile).map(({ name, band }) => [name, band]))

/** Base and head by turns, so that a neighbour's busy minute is in both, as often as it takes. */
async function byTurns(
  id: string,
  prepare: (side: Side) => Promise<void>,
  next: AbLoop['nextStep'],
): Promise<{ readonly comparison: Comparison; readonly head: readonly LoadRun[]; readonly isCalm: boolean }> {
  const random = new Random(1, 0)
  const { comparison, base, head } = await abLoop({
    design: 'interleaved',
    most: MOST_REPETITIONS,
    chance: () => random.next(),
    signal: new AbortController().signal,
    measure: async (side, repetition) => {
      await prepare(side)
      return measured({ id, design: 'interleaved', side, repetition })
    },
    judge: compareRuns,
    nextStep: next,
    onRepetition: () => {},
    onAgain: () => {},
  })
  const runs = [...base, ...head]
  return { comparison: comparison!, head, isCalm: runs.filter(isDisturbed).length < runs.length / 2 }
}

const isImproved = (comparison: Comparison) =>
  [HISTORY, DELIVERIES].every((page) => bandsOf(comparison, 'p50').get(page) === 'improvement')

test('after the index migrations the comparison shows the improvement of each page, and passes', async () => {
  await chooseLength()
  const {
    comparison,
    head: healthy,
    isCalm,
  } = await byTurns(
    'index-migrations',
    (side) => (side === 'head' ? demo.migrate() : demo.undoMigrations()),
    // the gate would end once no slowdown is left to be found; we want the gain confirmed
    (comparison, repetitions, most) =>
      comparison !== null && repetitions >= 3 && repetitions < most && !isImproved(comparison)
        ? { step: 'continue', repetitions: 1, because: 'the gain is not confirmed' }
        : nextStep(
            comparison,
            repetitions,
            comparison !== null && isImproved(comparison) ? repetitions : most,
          ),
  )
  const told = comparisonText(comparison)
  expect(isImproved(comparison), told).toBe(true)
  // where the host takes the processors away during most of the runs, that no page is slower at p95 cannot be known, and is not claimed
  expect(isCalm ? ['pass'] : ['pass', 'inconclusive'], told).toContain(comparison.verdict)
  expect(comparison.isNewBaselineDue, told).toBe(comparison.verdict === 'pass')
  // the report of the new state names none of these tables any more
  const report = loadReportText(healthy[0]!, bottleneckOf(healthy[0]!))
  expect(report).not.toMatch(/an index is missing/)
}, 900_000)

test('with a planted slowdown the comparison fails and names the statement', async () => {
  await demo.migrate()
  const { comparison } = await byTurns(
    'slow-inbox',
    (side) => demo.switchFault('slow-inbox', side === 'head'),
    nextStep,
  )
  const told = comparisonText(comparison)
  expect(comparison.verdict, told).toBe('fail')
  expect(bandsOf(comparison, 'p50').get(INBOX), told).toMatch(/critical|high/)
  expect(comparison.causes[0], told).toMatchObject({ kind: 'statement' })
  expect(comparison.causes[0]!.subject).toMatch(/count\(\*\) as unread from conversation_message/)
  expect(told).toContain('as unread')
}, 900_000)
