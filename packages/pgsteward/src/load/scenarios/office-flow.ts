// A member of staff at the office work: the numbers of the church, its bills, and assessments.

import type { ScenarioInput } from '../../model/scenario.ts'
import { SIGN_IN } from './staff.ts'

export const OFFICE_FLOW: ScenarioInput['flows'][number] = {
  name: 'office',
  weight: 2,
  start: [SIGN_IN],
  steps: [
    {
      name: 'GET /api/dashboard',
      feature: 'dashboard',
      path: '/api/dashboard',
      checks: [{ json: 'users' }],
    },
    { pause: ['2s', '4s'] },
    {
      name: 'GET /api/billing/payments',
      feature: 'billing',
      path: '/api/billing/payments',
      checks: [{ json: 'rows' }],
    },
    { name: 'GET /api/billing/subscription', feature: 'billing', path: '/api/billing/subscription' },
    { pause: ['1s', '3s'] },
    {
      name: 'POST /api/billing/payments',
      feature: 'billing',
      method: 'POST',
      path: '/api/billing/payments',
      // a declined card is an answer, too
      expect: [201, 402],
      chance: 0.1,
    },
    {
      name: 'GET /api/assessments',
      feature: 'assessments',
      path: '/api/assessments',
      extract: { assessmentId: { json: 'rows.*.id' } },
      checks: [{ json: 'rows' }],
    },
    { pause: ['1s', '3s'] },
    {
      name: 'GET /api/assessments/:id',
      feature: 'assessments',
      path: '/api/assessments/{{assessmentId}}',
      needs: 'assessmentId',
    },
    { pause: ['2s', '4s'] },
    {
      name: 'PUT /api/assessments/:id/answers/:number',
      feature: 'assessments',
      method: 'PUT',
      path: '/api/assessments/{{assessmentId}}/answers/{{random 1 5}}',
      json: { value: 7, remark: 'answered online' },
      needs: 'assessmentId',
      // somebody else may have completed it
      expect: [200, 409],
      chance: 0.4,
    },
    { name: 'GET /api/evidence', feature: 'assessments', path: '/api/evidence', chance: 0.3 },
    { name: 'GET /api/audit-log', feature: 'audit-log', path: '/api/audit-log', chance: 0.3 },
  ],
}
