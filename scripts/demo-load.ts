// npm run demo:load: the load story to watch, in some eight minutes: the five scenarios on the reference application, scaled to half a
// minute; then its index migrations, and what they brought; then a planted slowdown, and who catches it.

import { setTimeout as sleep } from 'node:timers/promises'
import { abLoop } from '../packages/pgsteward/src/app/load/ab-loop.ts'
import { paint } from '../packages/pgsteward/src/cli/paint.ts'
import { loadProgressLine } from '../packages/pgsteward/src/cli/render-load.ts'
import { bottleneckOf } from '../packages/pgsteward/src/gate/bottleneck.ts'
import { compareRuns } from '../packages/pgsteward/src/gate/compare-runs.ts'
import { nextStep } from '../packages/pgsteward/src/gate/next-step.ts'
import { MOST_REPETITIONS } from '../packages/pgsteward/src/gate/support-level.ts'
import { Random } from '../packages/pgsteward/src/load/engine/random.ts'
import { BUILT_IN_SCENARIOS } from '../packages/pgsteward/src/load/scenarios/all.ts'
import type { LoadRun } from '../packages/pgsteward/src/model/load-run.ts'
import type { Scenario } from '../packages/pgsteward/src/model/scenario.ts'
import { comparisonText } from '../packages/pgsteward/src/report/comparison-text.ts'
import { loadReportText } from '../packages/pgsteward/src/report/load-report-text.ts'
import { hastened, startDemoApplication } from '../packages/pgsteward/test/load/demo-application.ts'
import { THREE_PAGES } from '../packages/pgsteward/test/load/three-pages.ts'

const SCALE = 0.5
const EACH_MS = 30_000
const REPETITIONS = 5
const USERS_SCALE: Readonly<Record<string, number>> = { load: 0.5, spike: 0.3 }

const isTerminal = process.stderr.isTTY === true
const style = paint(process.stdout.isTTY === true)
const say = (text: string) => process.stdout.write(text)
const headline = (text: string) => say(`\n${style.bold(`== ${text}`)}\n\n`)
const stop = new AbortController()
process.once('SIGINT', () => stop.abort())

/** On a terminal the line is overwritten; elsewhere progress is nobody's business. */
function progress(
  name: string,
  plannedMs: number,
  warmUpMs: number,
): NonNullable<Parameters<typeof demo.load>[1]> {
  let errors = 0
  return {
    signal: stop.signal,
    onMoment: (moment) => {
      errors += moment.errors
      if (isTerminal)
        process.stderr.write(`\r\u001b[2K${loadProgressLine(name, moment, { plannedMs, warmUpMs, errors })}`)
    },
  }
}

async function measured(
  scenario: Scenario,
  over: NonNullable<Parameters<typeof demo.load>[1]>,
): Promise<LoadRun> {
  const run = await demo.load(scenario, over)
  if (isTerminal) process.stderr.write('\r\u001b[2K')
  if (stop.signal.aborted) throw new Error('interrupted')
  return run
}

const lengthMs = ({ load }: Scenario) => load.stages.reduce((sum, stage) => sum + stage.for, 0)

headline('A database of the reference application, whose index migrations were never deployed')
const demo = await startDemoApplication(SCALE)
try {
  for (const scenario of BUILT_IN_SCENARIOS) {
    headline(`${scenario.title}, in half a minute`)
    const run = await measured(hastened(scenario, 0.3), {
      ...progress(scenario.id, EACH_MS, 0),
      timeScale: EACH_MS / lengthMs(scenario),
      loadScale: USERS_SCALE[scenario.id] ?? 1,
    })
    say(loadReportText(run, bottleneckOf(run), style))
  }

  const threePages = (label: string, experiment: LoadRun['experiment'] = null) =>
    measured(THREE_PAGES, { ...progress(label, lengthMs(THREE_PAGES), THREE_PAGES.warmUp), experiment })
  headline('Three pages without the migrations and with them, by turns')
  const before: LoadRun[] = []
  const after: LoadRun[] = []
  for (let time = 1; time <= REPETITIONS; time++) {
    await demo.undoMigrations()
    const experiment = { id: 'index-migrations', design: 'interleaved', repetition: time } as const
    before.push(await threePages(`before ${time}`, { ...experiment, side: 'base' }))
    await demo.migrate()
    after.push(await threePages(`after ${time}`, { ...experiment, side: 'head' }))
  }
  say(comparisonText(compareRuns(before, after), style))

  headline('The same with an inbox that counts the unread messages of all churches, by turns')
  const random = new Random(1, 0)
  const { comparison } = await abLoop({
    design: 'interleaved',
    most: MOST_REPETITIONS,
    chance: () => random.next(),
    signal: stop.signal,
    measure: async (side, repetition) => {
      await demo.switchFault('slow-inbox', side === 'head')
      return threePages(`${side} ${repetition}`, {
        id: 'slow-inbox',
        design: 'interleaved',
        side,
        repetition,
      })
    },
    judge: compareRuns,
    nextStep,
    onRepetition: (done, _, because) => say(`after ${done}: ${because}\n`),
    onAgain: (note) => say(`${note}\n`),
  })
  if (comparison !== null) say(`\n${comparisonText(comparison, style)}`)

  headline('The report of the last good run')
  say(loadReportText(after.at(-1)!, bottleneckOf(after.at(-1)!), style))
} catch (error) {
  if (!stop.signal.aborted) throw error
  say('interrupted\n')
} finally {
  await demo.stop()
  // what the application still had to say
  await sleep(50)
}
