// What a rehearsal is now, worked out from its entries, with times per step; and what may be done next.

import { type GovernanceRecord, recordName } from '../../model/governance.ts'
import type { RehearsalWire, RehearsedStepWire, Section } from '../../model/rehearsal-wire.ts'
import { ownOf } from '../own-of.ts'
import { numberIn, readBody, textIn } from '../read-body.ts'
import { refused } from '../refused.ts'
import { REHEARSAL_BODIES, type RehearsalAction } from './rehearsal-entries.ts'

/** Judgement: plans are round numbers, and half as long again is noticed by those who wait. */
const SLOW_FACTOR = 1.5

export function rehearsalOf(record: GovernanceRecord): RehearsalWire {
  const opening = record.entries[0]!
  const plan = readBody(REHEARSAL_BODIES.opened, opening.body)
  const steps: RehearsedStepWire[] = (plan?.steps ?? []).map((step, at) => ({
    ...step,
    number: at + 1,
    state: 'to do',
    by: null,
    begunAt: null,
    endedAt: null,
    tookMs: null,
    isSlow: false,
    note: '',
  }))
  const rehearsal: RehearsalWire = {
    name: recordName(record),
    targetId: record.targetId,
    title: plan?.title ?? 'A rehearsal of another version',
    release: plan?.release ?? '',
    state: 'running',
    verdict: null,
    verdictWords: '',
    startedBy: opening.actor,
    startedAt: opening.at.toISOString(),
    finishedAt: null,
    steps,
    next: null,
    expectedMs: 0,
    tookMs: 0,
    rollbackBecause: null,
    note: '',
  }
  for (const entry of record.entries.slice(1)) add(rehearsal, entry)
  const timed = steps.filter(({ tookMs, expectedMs }) => tookMs !== null && expectedMs !== null)
  rehearsal.expectedMs = timed.reduce((sum, { expectedMs }) => sum + expectedMs!, 0)
  rehearsal.tookMs = timed.reduce((sum, { tookMs }) => sum + tookMs!, 0)
  rehearsal.next = nextStep(rehearsal)?.number ?? null
  return rehearsal
}

const STEP_STATES: { readonly [A in RehearsalAction]?: RehearsedStepWire['state'] } = {
  'step-begun': 'running',
  'step-done': 'done',
  'step-failed': 'failed',
  'step-skipped': 'skipped',
}

function add(
  rehearsal: RehearsalWire,
  { action, body, at, actor }: GovernanceRecord['entries'][number],
): void {
  const state = ownOf(STEP_STATES, action)
  const step = state === undefined ? undefined : rehearsal.steps[numberIn(body, 'step') - 1]
  if (state !== undefined && step !== undefined) {
    step.state = state
    step.by = actor
    if (state === 'running') step.begunAt = at.toISOString()
    else {
      step.endedAt = at.toISOString()
      step.note = textIn(body, 'note')
      // a step that is reported alone took no time that anybody knows
      step.tookMs = step.begunAt === null ? null : Math.max(0, at.getTime() - Date.parse(step.begunAt))
      step.isSlow =
        step.tookMs !== null && step.expectedMs !== null && step.tookMs > step.expectedMs * SLOW_FACTOR
    }
    if (state === 'failed' && step.section === 'steps')
      rollBack(rehearsal, `step ${step.number} failed: ${step.title}`)
  } else if (action === 'rollback-begun') rollBack(rehearsal, textIn(body, 'reason'))
  else if (action === 'finished') {
    const [verdict, words] = verdictOf(rehearsal)
    rehearsal.state = 'finished'
    rehearsal.verdict = verdict
    rehearsal.verdictWords = words
    rehearsal.finishedAt = at.toISOString()
    rehearsal.note = textIn(body, 'note')
  }
}

/** Where there is nothing to roll back with, it just goes on to its end. */
function rollBack(rehearsal: RehearsalWire, because: string): void {
  rehearsal.state = 'rolling back'
  rehearsal.rollbackBecause ??= because
}

function verdictOf({
  steps,
  rollbackBecause,
}: RehearsalWire): readonly [NonNullable<RehearsalWire['verdict']>, string] {
  const of = (section: Section) => steps.filter((step) => step.section === section)
  const failed = (section: Section) => of(section).find(({ state }) => state === 'failed')
  const isOver = (section: Section) =>
    of(section).every(({ state }) => state === 'done' || state === 'skipped')
  const preFlight = failed('pre-flight')
  if (preFlight !== undefined) return ['failed', `Pre-flight failed: ${preFlight.title}. Nothing was begun.`]
  if (rollbackBecause !== null) {
    const rollback = failed('rollback')
    if (rollback !== undefined) return ['failed', `Not rolled back: ${rollback.title} failed.`]
    if (of('rollback').length === 0) return ['failed', `Nothing to roll back with: ${rollbackBecause}.`]
    return isOver('rollback')
      ? ['rolled back', `Rolled back: ${rollbackBecause}.`]
      : ['failed', `Not rolled back to the end: ${rollbackBecause}.`]
  }
  if (isOver('pre-flight') && isOver('steps')) {
    const slow = steps.filter(({ isSlow }) => isSlow)
    const skipped = steps.filter(({ state }) => state === 'skipped')
    const words = [
      slow.length === 0 ? '' : ` ${slow.length} took far longer than planned.`,
      skipped.length === 0 ? '' : ` ${skipped.length} skipped.`,
    ]
    return ['passed', `Every step was done.${words.join('')}`]
  }
  const open = steps.find(
    ({ section, state }) => section !== 'rollback' && state !== 'done' && state !== 'skipped',
  )
  return ['abandoned', `Ended before ${open?.title ?? 'its end'}.`]
}

/** The step to do next; null: only to finish. */
export function nextStep({ steps, state }: Pick<RehearsalWire, 'steps' | 'state'>): RehearsedStepWire | null {
  if (state === 'finished') return null
  const sections: readonly Section[] = state === 'rolling back' ? ['rollback'] : ['pre-flight', 'steps']
  const due = steps.filter(({ section }) => sections.includes(section))
  if (due.some((step) => step.state === 'failed')) return null
  return due.find((step) => step.state === 'to do' || step.state === 'running') ?? null
}

/** Throws 'record-changed' where this may not be done now. */
export function refuseRehearsal(
  rehearsal: RehearsalWire,
  action: RehearsalAction,
  number: number | null,
): void {
  const { name, state, steps } = rehearsal
  if (state === 'finished') throw refused(name, 'it is finished', 'Start another: pgsteward rehearsal start.')
  if (action === 'rollback-begun' && state === 'rolling back')
    throw refused(name, 'it is being rolled back already', 'Go on with the steps of its rollback.')
  if (action === 'finished' && steps.some((step) => step.state === 'running'))
    throw refused(name, 'a step is under way', 'Say how it ended first: done, or fail.')
  if (number === null) return
  const step = steps[number - 1]
  if (step === undefined) throw refused(name, `it has no step ${number}`, `It has 1 to ${steps.length}.`)
  const next = nextStep(rehearsal)
  if (next?.number !== number)
    throw refused(
      name,
      `step ${number} (${step.title}) is not next`,
      next === null
        ? 'Nothing is left to do: pgsteward rehearsal finish.'
        : `Next is step ${next.number}: ${next.title}. What is left out is skipped, with a reason.`,
    )
  if (action === 'step-begun' && step.state === 'running')
    throw refused(name, `step ${number} has begun already`, 'Say how it ended: done, or fail.')
}
