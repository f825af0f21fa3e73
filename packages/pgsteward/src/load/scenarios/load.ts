// load: an ordinary working day. Half an hour, up to thirty users.

import { defineScenario } from '../../model/scenario.ts'
import { BROADCAST_FLOW } from './broadcast-flow.ts'
import { MAIL_FLOW } from './mail-flow.ts'
import { OFFICE_FLOW } from './office-flow.ts'
import { PEOPLE_FLOW } from './people-flow.ts'
import { STAFF } from './staff.ts'
import { RESPONSE_TARGETS, WORKS } from './thresholds.ts'

export const LOAD = defineScenario({
  id: 'load',
  title: 'Load: an ordinary working day',
  description:
    'Up to thirty members of staff at their daily work for half an hour. What baselines are made of.',
  load: {
    model: 'closed',
    stages: [
      { for: '5m', users: 30 },
      { for: '25m', users: 30 },
    ],
  },
  data: { staff: STAFF },
  flows: [MAIL_FLOW, PEOPLE_FLOW, BROADCAST_FLOW, OFFICE_FLOW],
  thresholds: [...WORKS, ...RESPONSE_TARGETS],
  tags: { application: 'messaging' },
})
