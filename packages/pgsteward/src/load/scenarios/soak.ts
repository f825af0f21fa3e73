// soak: what only time brings to light: leaks, bloat, statistics that age. Two hours, ten users.

import { defineScenario } from '../../model/scenario.ts'
import { BROADCAST_FLOW } from './broadcast-flow.ts'
import { MAIL_FLOW } from './mail-flow.ts'
import { OFFICE_FLOW } from './office-flow.ts'
import { PEOPLE_FLOW } from './people-flow.ts'
import { STAFF } from './staff.ts'
import { RESPONSE_TARGETS, WORKS } from './thresholds.ts'

export const SOAK = defineScenario({
  id: 'soak',
  title: 'Soak: what only time brings to light',
  description:
    'Ten members of staff for two hours: leaks of memory and connections, tables that bloat, statistics that age.',
  load: { model: 'closed', startUsers: 10, stages: [{ for: '2h', users: 10 }] },
  data: { staff: STAFF },
  flows: [MAIL_FLOW, PEOPLE_FLOW, BROADCAST_FLOW, OFFICE_FLOW],
  thresholds: [...WORKS, ...RESPONSE_TARGETS],
  tags: { application: 'messaging' },
})
