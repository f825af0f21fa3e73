// What each entry of a board's meeting says.

import { z } from 'zod'
import {
  agendaItemWire,
  meetingHeld,
  meetingMinutes,
  meetingPlan,
  minutesWire,
} from '../../model/change-wire.ts'
import { actionDone } from '../../model/record-wire.ts'

export const MEETING_BODIES = {
  opened: meetingPlan,
  moved: meetingPlan,
  held: meetingHeld.extend({
    /** As it stood then. */
    agenda: z.array(agendaItemWire),
    quorum: z.object({ isReached: z.boolean(), words: z.string() }),
  }),
  /** Instead of those before; action items come beside those that are there. */
  minutes: meetingMinutes.extend({ decisions: minutesWire.shape.decisions }),
  'action-done': actionDone,
  closed: z.object({ note: z.string() }),
} as const
export type MeetingAction = keyof typeof MEETING_BODIES
