// From a fault to the page for it: how long it takes until PagerDuty's (strict, local) receiver has the event, at the default cadence
// and then at the demo's. Each round begins with a pgsteward that knows nothing, waits until all is calm, and goes through the four
// incidents in another order and another phase. An hour; --defaults leaves out the demo's cadence, --quick is one round.

import { availableParallelism, loadavg } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { DEMO_COLLECT } from '../packages/pgsteward/src/app/demo.ts'
import {
  type DetectionStack,
  INCIDENTS,
  type IncidentId,
  type Page,
  startDetectionStack,
} from '../packages/pgsteward/test/end-to-end/detection-stack.ts'
import { spreadOf, writeResults } from './measure.ts'

const ROUNDS = process.argv.includes('--quick') ? 1 : 5
const IDS = Object.keys(INCIDENTS) as IncidentId[]
/** What blocks or exhausts the database makes requests fail too, so it comes after what is seen by failing requests. */
const FIRST: readonly IncidentId[] = ['error-spike', 'delivery-failures']
const THEN: readonly IncidentId[] = ['blocked-queries', 'connection-exhaustion']
/** A tenth of the demo's rows: what is measured does not depend on them, and building them takes longer than a round. */
const SCALE = 0.1
/** Applications have reported, and increases have their interval. */
const WARM_UP_MS = 40_000
/** Phases against rounds of up to a minute. */
const PHASE_MS = 20_000
const GIVE_UP_MS = 150_000
/** After the first page: by default it is a critical finding that pages, a warning goes to the chat. */
const CRITICAL_MS = 60_000
/** Reports of what was are in, waits are over. */
const SETTLE_MS = 20_000
/** Of the last round, whose ends are waited for. */
const ENDS_MS = 25 * 60_000

interface Found {
  readonly fault: IncidentId
  readonly onAtMs: number
  offAtMs: number
  /** Null: none came. */
  readonly page: Page | null
  criticalAtMs: number | null
}

interface Measured {
  readonly name: string
  readonly found: Found[]
  /** While nothing was wrong: the checks that paged. */
  readonly falsePages: string[]
  readonly besides: Map<IncidentId, Map<string, number>>
  pages: readonly Page[]
}

export async function run(): Promise<void> {
  const cadences = [
    { name: 'the defaults (60 s)', options: { scale: SCALE } },
    ...(process.argv.includes('--defaults')
      ? []
      : [{ name: "the demo's cadence (10 s)", options: { scale: SCALE, collect: DEMO_COLLECT } }]),
  ]
  const measured: Measured[] = []
  for (const { name, options } of cadences) {
    const one: Measured = { name, found: [], falsePages: [], besides: new Map(), pages: [] }
    measured.push(one)
    await using stack = await startDetectionStack(options)
    one.pages = stack.pages
    for (let round = 0; round < ROUNDS; round++) {
      await playRound(stack, one, round)
      writeResults('detection', 'From fault to page', pageOf(measured))
      if (round < ROUNDS - 1) await stack.endWatch()
    }
    const ends = Date.now() + ENDS_MS
    while (Date.now() < ends && one.found.slice(-IDS.length).some((each) => endOf(one, each) === null))
      await sleep(1_000)
    if (stack.refused.length > 0) throw new Error(`refused: ${stack.refused[0]}`)
    writeResults('detection', 'From fault to page', pageOf(measured))
  }
}

async function playRound(stack: DetectionStack, one: Measured, round: number): Promise<void> {
  await stack.watch()
  const calmFrom = stack.pages.length
  await sleep(WARM_UP_MS)
  const order = round % 2 === 0 ? [...FIRST, ...THEN] : [...FIRST.toReversed(), ...THEN.toReversed()]
  for (const [at, fault] of order.entries()) {
    // another phase each time, the same in each run
    await sleep(((PHASE_MS * ((round * IDS.length + at) * 7 + 3)) / 31) % PHASE_MS)
    if (at === 0)
      one.falsePages.push(...triggers(stack.pages.slice(calmFrom)).map(({ check }) => check ?? 'unknown'))
    await playIncident(stack, one, fault)
  }
}

async function playIncident(stack: DetectionStack, one: Measured, fault: IncidentId): Promise<void> {
  const from = stack.pages.length
  const names: readonly string[] = INCIDENTS[fault]
  const own = () =>
    triggers(stack.pages.slice(from)).filter(({ check }) => check !== null && names.includes(check))
  const onAtMs = Date.now()
  await stack.setFault(fault, true)
  while (own().length === 0 && Date.now() - onAtMs < GIVE_UP_MS) await sleep(100)
  const page = own()[0] ?? null
  const found: Found = {
    fault,
    onAtMs,
    offAtMs: 0,
    page,
    criticalAtMs: null,
  }
  one.found.push(found)
  process.stderr.write(
    `${one.name}: ${fault}: ${page === null ? 'no page' : `${seconds(page.atMs - onAtMs)} s, ${page.summary}`}\n`,
  )
  const critical = () => own().find(({ severity }) => severity === 'critical')
  while (page !== null && critical() === undefined && Date.now() - page.atMs < CRITICAL_MS) await sleep(100)
  found.criticalAtMs = critical()?.atMs ?? null
  await stack.setFault(fault, false)
  found.offAtMs = Date.now()
  await sleep(SETTLE_MS)
  const besides = one.besides.get(fault) ?? new Map<string, number>()
  one.besides.set(fault, besides)
  for (const { check } of triggers(stack.pages.slice(from)))
    if (check !== null && !names.includes(check)) besides.set(check, (besides.get(check) ?? 0) + 1)
}

function triggers(pages: readonly Page[]): readonly Page[] {
  return pages.filter(({ action }) => action === 'trigger')
}

/** When the page that told of it was resolved, after the fault was switched off. */
function endOf({ pages }: Measured, { page, offAtMs }: Found): number | null {
  const end = pages.find(
    ({ action, key, atMs }) => action === 'resolve' && key === page?.key && atMs >= offAtMs,
  )
  return end === undefined ? null : end.atMs - offAtMs
}

function pageOf(all: readonly Measured[]): string {
  return [
    'The reference application under traffic (ten visits a second), its PostgreSQL, `pgsteward watch` in a process of its own, and a',
    "receiver that takes what PagerDuty's Events API v2 takes. A fault is switched on at the running application; the time is until the",
    'receiver has the page. Pages are warnings and worse of the areas availability and capacity, with no option of a check changed; by the',
    'default routes only what is critical pages, so that is told too: the fault stays on until then, a minute at most. The old',
    'practice, somebody looking at dashboards and logs, took 30 to 60 minutes.',
    ...all.flatMap(table),
    '',
    '*Ended* is from mending to the resolve event of that page; many checks look back over ten minutes or an hour, and wait on purpose before',
    'they call something over. It is known of rounds that went on for long enough.',
    `The machine has ${availableParallelism()} cores, and its load average was ${loadavg()[1]!.toFixed(0)} over the last five minutes: others used it as well.`,
  ].join('\n')
}

function table(one: Measured): readonly string[] {
  const rows = IDS.flatMap((fault) => {
    const rounds = one.found.filter((each) => each.fault === fault)
    if (rounds.length === 0) return []
    const times = rounds.flatMap(({ page, onAtMs }) => (page === null ? [] : [page.atMs - onAtMs]))
    const criticals = rounds.flatMap(({ criticalAtMs, onAtMs }) =>
      criticalAtMs === null ? [] : [criticalAtMs - onAtMs],
    )
    const ends = rounds.flatMap((each) => endOf(one, each) ?? [])
    const checks = new Set(rounds.flatMap(({ page }) => page?.check ?? []))
    const besides = [...(one.besides.get(fault) ?? [])].map(([check, times]) => `\`${check}\` ${times}x`)
    const missed = rounds.length - times.length
    return [
      `| \`${fault}\` | ${rounds.length}${missed > 0 ? ` (${missed} without a page)` : ''} | ${spread(times)} | ${spread(criticals)} | ${[...checks].map((each) => `\`${each}\``).join(', ')} | ${spread(ends)} | ${besides.join(', ') || '-'} |`,
    ]
  })
  return [
    '',
    `## At ${one.name}`,
    '',
    '| Fault | Rounds | Page after, s: median (worst) | Critical after, s | Found by | Ended after, s | Other pages meanwhile |',
    '|---|---|---|---|---|---|---|',
    ...rows,
    '',
    `Pages while nothing was wrong: ${one.falsePages.length === 0 ? 'none' : one.falsePages.join(', ')}.`,
  ]
}

function spread(ms: readonly number[]): string {
  if (ms.length === 0) return '-'
  const { median, max } = spreadOf(ms)
  return `${seconds(median)} (${seconds(max)})`
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(1)
}
