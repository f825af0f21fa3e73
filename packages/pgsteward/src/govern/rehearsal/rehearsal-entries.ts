// What each entry of a release rehearsal says.

import { z } from 'zod'
import { line } from '../../model/record-wire.ts'
import { plannedStepWire, REHEARSAL_REQUESTS } from '../../model/rehearsal-wire.ts'

export const REHEARSAL_BODIES = {
  opened: z.object({ title: line, release: z.string(), steps: z.array(plannedStepWire).min(1) }),
  'step-begun': REHEARSAL_REQUESTS.begin,
  'step-done': REHEARSAL_REQUESTS.done,
  'step-failed': REHEARSAL_REQUESTS.fail,
  'step-skipped': REHEARSAL_REQUESTS.skip,
  'rollback-begun': REHEARSAL_REQUESTS['roll-back'],
  finished: REHEARSAL_REQUESTS.finish,
} as const
export type RehearsalAction = keyof typeof REHEARSAL_BODIES
