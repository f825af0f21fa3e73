// A rehearsal in words, and its report: planned and actual time of each step.

import type { RehearsalWire } from '../../model/rehearsal-wire.ts'
import { ownOf } from '../own-of.ts'
import { numberIn, readBody, textIn } from '../read-body.ts'
import { plural, type RecordTeller } from '../teller.ts'
import { REHEARSAL_BODIES, type RehearsalAction } from './rehearsal-entries.ts'
import { rehearsalOf } from './rehearsal-state.ts'

export const rehearsalTeller: RecordTeller = {
  summary: (record) => {
    const rehearsal = rehearsalOf(record)
    return {
      title: rehearsal.title,
      state: rehearsal.verdict === null ? rehearsal.state : `finished: ${rehearsal.verdict}`,
      facts: [
        ...(rehearsal.release === '' ? [] : [['Release', rehearsal.release] as const]),
        ...(rehearsal.verdictWords === '' ? [] : [['Verdict', rehearsal.verdictWords] as const]),
        ['Took', `${spanWords(rehearsal.tookMs)} of ${spanWords(rehearsal.expectedMs)} planned`],
        ...rehearsal.steps.map((step) => [`${step.number}. ${step.title}`, stepWords(step)] as const),
      ],
    }
  },
  entry: ({ action, body }) => {
    if (action === 'opened') {
      const plan = readBody(REHEARSAL_BODIES.opened, body)
      return plan === null ? null : [`began it, with ${plural(plan.steps.length, 'step')}`]
    }
    const word = ownOf(STEP_WORDS, action)
    if (word !== undefined) return [`${word} step ${numberIn(body, 'step')}`, textIn(body, 'note')]
    if (action === 'rollback-begun') return ['began to roll back', textIn(body, 'reason')]
    return action === 'finished' ? ['finished it', textIn(body, 'note')] : null
  },
}

const STEP_WORDS: { readonly [A in RehearsalAction]?: string } = {
  'step-begun': 'began',
  'step-done': 'did',
  'step-failed': 'failed at',
  'step-skipped': 'skipped',
}

export function stepWords({
  state,
  tookMs,
  expectedMs,
  isSlow,
}: Pick<RehearsalWire['steps'][number], 'state' | 'tookMs' | 'expectedMs' | 'isSlow'>): string {
  const planned = expectedMs === null ? '' : ` of ${spanWords(expectedMs)} planned`
  const took = tookMs === null ? '' : ` in ${spanWords(tookMs)}${planned}`
  return `${state}${took}${isSlow ? ', far longer than planned' : ''}`
}

/** `45 s`, `12 min`, `1 h 5 min`. */
export function spanWords(ms: number): string {
  const seconds = Math.round(ms / 1000)
  if (seconds < 100) return `${seconds} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 100) return `${minutes} min`
  return `${Math.floor(minutes / 60)} h${minutes % 60 === 0 ? '' : ` ${minutes % 60} min`}`
}
