// smoke: does everything answer, and is it what it should be? Five minutes, five users.

import { defineScenario } from '../../model/scenario.ts'
import { BROADCAST_FLOW } from './broadcast-flow.ts'
import { MAIL_FLOW } from './mail-flow.ts'
import { OFFICE_FLOW } from './office-flow.ts'
import { PEOPLE_FLOW } from './people-flow.ts'
import { STAFF } from './staff.ts'
import { RESPONSE_TARGETS, WORKS } from './thresholds.ts'

export const SMOKE = defineScenario({
  id: 'smoke',
  title: 'Smoke: everything answers',
  description:
    'Five members of staff use all of the application for five minutes. Run it after each deployment.',
  load: { model: 'closed', startUsers: 5, stages: [{ for: '5m', users: 5 }] },
  data: { staff: STAFF },
  flows: [MAIL_FLOW, PEOPLE_FLOW, BROADCAST_FLOW, OFFICE_FLOW],
  thresholds: [...WORKS, ...RESPONSE_TARGETS],
  tags: { application: 'messaging' },
})
