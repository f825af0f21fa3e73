// conversation: the journey of a new church: registers, signs in, writes with its first members, views what was written. Half an hour,
// twenty users.

import { defineScenario } from '../../model/scenario.ts'
import { WORKS } from './thresholds.ts'

/** As long as the application asks for. Who knows it can sign in to a church without data. */
const PASSWORD = 'a church of the load test'

export const CONVERSATION = defineScenario({
  id: 'conversation',
  title: 'Conversation: a new church writes with its members',
  description:
    'Twenty people register a church each, sign in, enter members, and write with them for half an hour. Leaves twenty churches behind.',
  load: {
    model: 'closed',
    stages: [
      { for: '3m', users: 20 },
      { for: '27m', users: 20 },
    ],
  },
  flows: [
    {
      name: 'conversation',
      start: [
        {
          name: 'POST /api/register',
          feature: 'sign-in',
          method: 'POST',
          path: '/api/register',
          json: {
            churchName: 'Load test {{user}}',
            displayName: 'User {{user}}',
            email: '{{uuid}}@load.example',
            password: PASSWORD,
          },
          expect: 201,
          extract: { email: { json: 'email' } },
        },
        { pause: ['1s', '2s'] },
        {
          name: 'POST /api/sign-in',
          feature: 'sign-in',
          method: 'POST',
          path: '/api/sign-in',
          json: { email: '{{email}}', password: PASSWORD },
          checks: [{ json: 'role', equals: 'OWNER' }],
        },
      ],
      steps: [
        {
          name: 'POST /api/members',
          feature: 'members',
          method: 'POST',
          path: '/api/members',
          json: { firstName: 'Ruth', lastName: 'Load', phone: '+1{{random 2000000000 9999999999}}' },
          // the number may be taken
          expect: [201, 409],
          extract: { memberId: { json: 'id' } },
        },
        { pause: ['1s', '2s'] },
        {
          name: 'POST /api/conversations',
          feature: 'conversations',
          method: 'POST',
          path: '/api/conversations',
          json: { memberId: '{{memberId}}' },
          needs: 'memberId',
          expect: 201,
          extract: { conversationId: { json: 'id' } },
        },
        {
          repeat: [2, 5],
          steps: [
            {
              name: 'POST /api/conversations/:id/messages',
              feature: 'messages',
              method: 'POST',
              path: '/api/conversations/{{conversationId}}/messages',
              json: { body: 'Good morning, the choir meets at {{random 5 9}} in room {{random 1 20}}.' },
              needs: 'conversationId',
              expect: 201,
              checks: [{ json: 'direction', equals: 'OUTBOUND' }],
            },
            { pause: ['1s', '3s'] },
            {
              name: 'GET /api/conversations/:id/messages',
              feature: 'messages',
              path: '/api/conversations/{{conversationId}}/messages',
              needs: 'conversationId',
              checks: [{ json: 'rows.0.body' }],
            },
            { pause: ['2s', '5s'] },
          ],
        },
        {
          name: 'GET /api/conversations',
          feature: 'conversations',
          path: '/api/conversations',
          checks: [{ json: 'rows.0.id' }],
        },
        { pause: ['1s', '3s'] },
      ],
    },
  ],
  thresholds: [
    ...WORKS,
    { metric: 'p95', of: 'POST /api/sign-in', below: '1s' },
    { metric: 'p95', of: 'messages', below: '1500ms' },
    { metric: 'p95', of: 'conversations', below: '400ms' },
  ],
  tags: { application: 'messaging' },
})
