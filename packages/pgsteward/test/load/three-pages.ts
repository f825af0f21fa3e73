// The scenario by which the story compares: three pages that the planted faults concern. A few users one request at a time (closed), so
// that a machine that others keep busy makes both sides slower and piles nothing up.

import { SIGN_IN, STAFF } from '../../src/load/scenarios/staff.ts'
import { scenarioSchema } from '../../src/model/scenario.ts'

export const INBOX = 'GET /api/conversations'
export const HISTORY = 'GET /api/conversations/:id/messages'
export const DELIVERIES = 'GET /api/deliveries'

export const THREE_PAGES = scenarioSchema.parse({
  id: 'three-pages',
  title: 'Inbox, history and deliveries',
  load: { model: 'closed', startUsers: 3, stages: [{ for: '11s', users: 3 }] },
  warmUp: '1s',
  data: { staff: STAFF.slice(0, 8) },
  flows: [
    {
      name: 'mail',
      start: [SIGN_IN],
      steps: [
        { name: INBOX, path: '/api/conversations', extract: { id: { json: 'rows.*.id' } } },
        { name: HISTORY, path: '/api/conversations/{{id}}/messages', needs: 'id' },
        { pause: '50ms' },
      ],
    },
    {
      name: 'deliveries',
      start: [SIGN_IN],
      steps: [{ name: DELIVERIES, path: '/api/deliveries' }, { pause: '50ms' }],
    },
  ],
})
