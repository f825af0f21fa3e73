// A member of staff among the members: the list, a search, one member with what happened to it, and groups.

import type { ScenarioInput } from '../../model/scenario.ts'
import { SIGN_IN } from './staff.ts'

export const PEOPLE_FLOW: ScenarioInput['flows'][number] = {
  name: 'people',
  weight: 3,
  start: [SIGN_IN],
  steps: [
    {
      name: 'GET /api/members',
      feature: 'members',
      path: '/api/members',
      extract: { memberId: { json: 'rows.*.id' }, laterMembers: { json: 'next' } },
      checks: [{ json: 'rows.0.id' }],
    },
    { pause: ['1s', '3s'] },
    {
      name: 'GET /api/members?after',
      feature: 'members',
      path: '/api/members?after={{laterMembers}}',
      needs: 'laterMembers',
      chance: 0.3,
    },
    {
      name: 'GET /api/members?search',
      feature: 'members',
      path: '/api/members?search=Jack',
      chance: 0.2,
    },
    {
      name: 'GET /api/members/:id',
      feature: 'members',
      path: '/api/members/{{memberId}}',
      needs: 'memberId',
      checks: [{ json: 'lastName' }],
    },
    { pause: ['2s', '4s'] },
    {
      name: 'GET /api/audit-log/:entity/:id',
      feature: 'audit-log',
      path: '/api/audit-log/member/{{memberId}}',
      needs: 'memberId',
      chance: 0.4,
    },
    {
      name: 'GET /api/groups',
      feature: 'groups',
      path: '/api/groups',
      extract: { groupId: { json: '*.id' } },
      chance: 0.5,
    },
    {
      name: 'GET /api/groups/:id',
      feature: 'groups',
      path: '/api/groups/{{groupId}}',
      needs: 'groupId',
      chance: 0.5,
    },
    { pause: ['1s', '3s'] },
  ],
}
