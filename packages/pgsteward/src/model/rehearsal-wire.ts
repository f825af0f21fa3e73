// Release rehearsals as the API speaks of them (G2).

import { z } from 'zod'
import { actorWire, line, moment, prose, toldEntryWire } from './record-wire.ts'

export const SECTIONS = ['pre-flight', 'steps', 'rollback'] as const
export type Section = (typeof SECTIONS)[number]

export const plannedStepWire = z.object({
  section: z.enum(SECTIONS),
  title: line,
  owner: z.string().nullable(),
  expectedMs: z.number().min(0).nullable(),
  /** A command of a shell; null: somebody does it by hand. */
  run: z.string().nullable(),
  /** What to do and to look at. */
  text: z.string(),
})
export type PlannedStepWire = z.output<typeof plannedStepWire>

export const startRehearsalWire = z.object({
  /** The template's text; absent: the one that comes with pgsteward. */
  template: z.string().max(60_000).optional(),
  title: line.optional(),
  release: z.string().trim().max(100).prefault(''),
  target: z.string().nullable().prefault(null),
  actor: actorWire,
})

const note = z.string().trim().max(20_000).prefault('')
/** Of the whole list, from 1. */
const step = z.int().min(1)
export const REHEARSAL_REQUESTS = {
  begin: z.object({ step }),
  done: z.object({ step, note }),
  fail: z.object({ step, note: prose }),
  skip: z.object({ step, note: prose }),
  'roll-back': z.object({ reason: prose }),
  finish: z.object({ note }),
} as const
export type RehearsalRequest = keyof typeof REHEARSAL_REQUESTS

export const rehearsedStepWire = plannedStepWire.extend({
  /** From 1, over all sections. */
  number: z.number(),
  state: z.enum(['to do', 'running', 'done', 'failed', 'skipped']),
  by: z.string().nullable(),
  begunAt: moment.nullable(),
  endedAt: moment.nullable(),
  tookMs: z.number().nullable(),
  /** By more than half of what was expected. */
  isSlow: z.boolean(),
  note: z.string(),
})
export type RehearsedStepWire = z.output<typeof rehearsedStepWire>

export const VERDICTS = ['passed', 'rolled back', 'failed', 'abandoned'] as const

export const rehearsalWire = z.object({
  name: z.string(),
  targetId: z.string().nullable(),
  title: z.string(),
  release: z.string(),
  state: z.enum(['running', 'rolling back', 'finished']),
  /** Null: not finished. */
  verdict: z.enum(VERDICTS).nullable(),
  verdictWords: z.string(),
  startedBy: z.string(),
  startedAt: moment,
  finishedAt: moment.nullable(),
  steps: z.array(rehearsedStepWire),
  /** The step to do next; null: only to finish. */
  next: z.number().nullable(),
  /** Of the steps that were done, as planned and as it was; steps without an expectation left out of both. */
  expectedMs: z.number(),
  tookMs: z.number(),
  rollbackBecause: z.string().nullable(),
  note: z.string(),
})
export type RehearsalWire = z.output<typeof rehearsalWire>
export const rehearsalDetailWire = rehearsalWire.extend({ entries: z.array(toldEntryWire) })
export type RehearsalDetailWire = z.output<typeof rehearsalDetailWire>
