// A member of staff at the broadcasts: the list, how one fared, what could not be delivered, and now and then a new one.

import type { ScenarioInput } from '../../model/scenario.ts'
import { SIGN_IN } from './staff.ts'

export const BROADCAST_FLOW: ScenarioInput['flows'][number] = {
  name: 'broadcasts',
  weight: 2,
  start: [SIGN_IN],
  steps: [
    {
      name: 'GET /api/broadcasts',
      feature: 'broadcasts',
      path: '/api/broadcasts',
      extract: { broadcastId: { json: 'rows.*.id' } },
      checks: [{ json: 'rows' }],
    },
    { pause: ['1s', '3s'] },
    {
      name: 'GET /api/broadcasts/:id',
      feature: 'broadcasts',
      path: '/api/broadcasts/{{broadcastId}}',
      needs: 'broadcastId',
    },
    {
      name: 'GET /api/broadcasts/:id/recipients',
      feature: 'broadcasts',
      path: '/api/broadcasts/{{broadcastId}}/recipients',
      needs: 'broadcastId',
      checks: [{ json: 'rows' }],
    },
    { pause: ['2s', '4s'] },
    {
      name: 'GET /api/deliveries',
      feature: 'deliveries',
      path: '/api/deliveries?status=FAILED',
      extract: { olderDeliveries: { json: 'next' } },
      checks: [{ json: 'rows' }],
    },
    {
      name: 'GET /api/deliveries?before',
      feature: 'deliveries',
      path: '/api/deliveries?status=FAILED&before={{olderDeliveries}}',
      needs: 'olderDeliveries',
      chance: 0.3,
    },
    { pause: ['1s', '3s'] },
    {
      name: 'GET /api/groups',
      feature: 'groups',
      path: '/api/groups',
      extract: { groupId: { json: '*.id' } },
      chance: 0.2,
    },
    {
      name: 'POST /api/broadcasts',
      feature: 'broadcasts',
      method: 'POST',
      path: '/api/broadcasts',
      json: { groupId: '{{groupId}}', body: 'The service on Sunday starts at nine.' },
      needs: 'groupId',
      // nobody in the group may want messages
      expect: [202, 409],
      chance: 0.2,
    },
  ],
}
