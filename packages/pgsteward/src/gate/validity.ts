// May these runs be compared? Only runs that are valid themselves, of one scenario, model, engine, scale and class of host; whatever
// is told of the others would be about something else than the code.

import type { Comparison, Mismatch } from '../model/comparison.ts'
import type { LoadRun } from '../model/load-run.ts'

export interface Validity {
  readonly invalid: Comparison['invalid']
  readonly notes: readonly string[]
  /** Only the head fails too many requests: that is a result, but its latencies are not compared. */
  readonly isFailing: boolean
}

export function validityOf(base: readonly LoadRun[], head: readonly LoadRun[]): Validity {
  const notes: string[] = []
  const invalid: Comparison['invalid'][number][] = [
    ...base.flatMap((run) => ownReasons(run, 'base')),
    ...head.flatMap((run) => ownReasons(run, 'head')),
  ]
  const isFailing = invalid.length > 0 && head.length > 0 && onlyHeadErrors(base, head)
  const all = [...base, ...head]
  const differ = (reason: Mismatch, what: string, value: (run: LoadRun) => string) => {
    const values = [...new Set(all.map(value))]
    if (values.length > 1) invalid.push({ reason, detail: `${what}: ${values.join(' and ')}` })
  }
  differ(
    'other-scenario',
    'different scenarios',
    (run) => `${run.scenario.id} (${run.scenario.hash.slice(0, 12)})`,
  )
  differ('other-model', 'different load models', (run) => run.scenario.model)
  differ('other-engine', 'different engines', (run) => run.engine.name)
  differ('other-scale', 'different scales of time or load', scaleText)
  const classes = new Set(all.map((run) => run.environment.hostClass))
  const known = [...classes].filter((hostClass) => !isUnknown(hostClass))
  if (known.length > 1)
    invalid.push({ reason: 'other-host-class', detail: `runs of different hosts: ${hostTexts(all)}` })
  else if (known.length < classes.size)
    notes.push(
      'Where some of the runs were made is not known: if it was on different machines, this compares the machines.',
    )
  if (hasOtherData(base, head))
    invalid.push({ reason: 'other-data', detail: `databases of different size: ${dataTexts(base, head)}` })
  return {
    invalid: isFailing ? invalid.filter(({ reason }) => reason !== 'too-many-errors') : invalid,
    notes: [...notes, ...versionNotes(base, head)],
    isFailing,
  }
}

export function isUnknown(hostClass: string): boolean {
  return hostClass === '' || hostClass.startsWith('unknown')
}

function ownReasons(run: LoadRun, side: string): Comparison['invalid'] {
  const told = run.invalid.map(({ reason, detail }) => ({
    reason,
    detail: `${side} run ${run.id}: ${detail}`,
  }))
  if (told.length > 0 || run.ended === 'completed' || run.ended === 'threshold') return told
  const reason = run.ended === 'target-lost' ? 'target-lost' : 'interrupted'
  return [{ reason, detail: `${side} run ${run.id} did not end as planned (${run.ended})` }]
}

function onlyHeadErrors(base: readonly LoadRun[], head: readonly LoadRun[]): boolean {
  return (
    base.every((run) => ownReasons(run, 'base').length === 0) &&
    head.every((run) => ownReasons(run, 'head').every(({ reason }) => reason === 'too-many-errors'))
  )
}

function scaleText({ scenario: { timeScale, loadScale } }: LoadRun): string {
  return `time ${round(timeScale)}, load ${round(loadScale)}`
}

function hostTexts(runs: readonly LoadRun[]): string {
  const texts = runs.map(
    ({ environment: { hostClass, cpu, cores, runner } }) =>
      `${runner ?? cpu}, ${cores} cores (${hostClass.slice(0, 12)})`,
  )
  return [...new Set(texts)].join(' and ')
}

/** Growth by the run itself, and an index more, are no other data. */
const OTHER_DATA = { ratio: 1.5, bytes: 100 * 1024 * 1024 }

function hasOtherData(base: readonly LoadRun[], head: readonly LoadRun[]): boolean {
  const sizes = [...base, ...head].flatMap((run) => run.environment.postgres?.dataBytes ?? [])
  if (sizes.length < 2) return false
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)]
  return most > least * OTHER_DATA.ratio && most - least > OTHER_DATA.bytes
}

function dataTexts(base: readonly LoadRun[], head: readonly LoadRun[]): string {
  const megabytes = (runs: readonly LoadRun[]) =>
    `${Math.round(Math.max(...runs.map((run) => run.environment.postgres?.dataBytes ?? 0)) / 1024 ** 2)} MB`
  return `${megabytes(base)} and ${megabytes(head)}`
}

/** Not forbidden, an upgrade may be what is being tried, but said. */
function versionNotes(base: readonly LoadRun[], head: readonly LoadRun[]): readonly string[] {
  const facts: readonly [string, (run: LoadRun) => string | undefined][] = [
    ['Node', (run) => run.environment.node],
    ['PostgreSQL', (run) => run.environment.postgres?.versionNum.toString()],
    ['engine version', (run) => run.engine.version],
    ['PostgreSQL settings', (run) => run.environment.postgres?.settingsHash.slice(0, 12)],
  ]
  return facts.flatMap(([name, value]) => {
    const [before, after] = [base, head].map((runs) =>
      [...new Set(runs.flatMap((run) => value(run) ?? []))].join(', '),
    )
    return before === after || before === '' || after === ''
      ? []
      : [`${name} differs: base ${before}, head ${after}.`]
  })
}

function round(value: number): string {
  return Number(value.toPrecision(4)).toString()
}
