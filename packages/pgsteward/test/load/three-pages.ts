// The scenario by which the story compares: three pages that the planted faults concern, each ten times a second whatever they take, so
// that what is slower cannot hide by being asked less.

import { SIGN_IN, STAFF } from '../../src/load/scenarios/staff.ts'
import { scenarioSchema } from '../../src/model/scenario.ts'

export const INBOX = 'GET /api/conversations'
export const HISTORY = 'GET /api/conversations/:id/messages'
export const DELIVERIES = 'GET /api/deliveries'

export const THREE_PAGES = scenarioSchema.parse({
  id: 'three-pages',
  title: 'Inbox, history and deliveries at a steady rate',
  load: { model: 'open', startPerSecond: 20, stages: [{ for: '9s', perSecond: 20 }], sessions: 8 },
  warmUp: '1s',
  data: { staff: STAFF.slice(0, 8) },
  flows: [
    {
      name: 'mail',
      start: [SIGN_IN],
      steps: [
        { name: INBOX, path: '/api/conversations', extract: { id: { json: 'rows.*.id' } } },
        { name: HISTORY, path: '/api/conversations/{{id}}/messages', needs: 'id' },
      ],
    },
    { name: 'deliveries', start: [SIGN_IN], steps: [{ name: DELIVERIES, path: '/api/deliveries' }] },
  ],
})
