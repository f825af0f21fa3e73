// spike: everybody at once, as after a broadcast. Ten minutes, from five users to a hundred and back.

import { defineScenario } from '../../model/scenario.ts'
import { BROADCAST_FLOW } from './broadcast-flow.ts'
import { MAIL_FLOW } from './mail-flow.ts'
import { PEOPLE_FLOW } from './people-flow.ts'
import { STAFF } from './staff.ts'
import { WORKS } from './thresholds.ts'

export const SPIKE = defineScenario({
  id: 'spike',
  title: 'Spike: everybody at once',
  description:
    'Five members of staff, within half a minute a hundred, for three minutes, and back to five: whether the application stands it, and how soon it has recovered.',
  load: {
    model: 'closed',
    startUsers: 5,
    stages: [
      { for: '2m', users: 5 },
      { for: '30s', users: 100 },
      { for: '3m', users: 100 },
      { for: '30s', users: 5 },
      { for: '4m', users: 5 },
    ],
  },
  data: { staff: STAFF },
  flows: [MAIL_FLOW, PEOPLE_FLOW, BROADCAST_FLOW],
  // slower than on other days is allowed, failing is not
  thresholds: [...WORKS, { metric: 'p95', below: '3s' }],
  tags: { application: 'messaging' },
})
