// A member of staff at the inbox: looks through it, reads a conversation or two, answers now and then.

import type { ScenarioInput } from '../../model/scenario.ts'
import { SIGN_IN } from './staff.ts'

export const MAIL_FLOW: ScenarioInput['flows'][number] = {
  name: 'mail',
  weight: 5,
  start: [SIGN_IN],
  steps: [
    {
      name: 'GET /api/conversations',
      feature: 'conversations',
      path: '/api/conversations',
      extract: {
        conversationId: { json: 'rows.*.id' },
        otherConversationId: { json: 'rows.*.id' },
        olderConversations: { json: 'next' },
      },
      checks: [{ json: 'rows' }],
    },
    { pause: ['1s', '3s'] },
    {
      name: 'GET /api/conversations?before',
      feature: 'conversations',
      path: '/api/conversations?before={{olderConversations}}',
      needs: 'olderConversations',
      chance: 0.3,
    },
    {
      name: 'GET /api/conversations/:id/messages',
      feature: 'messages',
      path: '/api/conversations/{{conversationId}}/messages',
      needs: 'conversationId',
      extract: { olderMessages: { json: 'next' } },
      checks: [{ json: 'rows' }],
    },
    { pause: ['2s', '5s'] },
    {
      name: 'POST /api/conversations/:id/read',
      feature: 'messages',
      method: 'POST',
      path: '/api/conversations/{{conversationId}}/read',
      needs: 'conversationId',
      expect: 204,
      chance: 0.4,
    },
    {
      name: 'GET /api/conversations/:id/messages',
      feature: 'messages',
      path: '/api/conversations/{{otherConversationId}}/messages',
      needs: 'otherConversationId',
    },
    { pause: ['2s', '5s'] },
    {
      name: 'POST /api/conversations/:id/messages',
      feature: 'messages',
      method: 'POST',
      path: '/api/conversations/{{otherConversationId}}/messages',
      needs: 'otherConversationId',
      json: { body: 'Thank you, see you on Sunday at {{random 8 11}}.' },
      // who opted out gets no message, and that is no failure
      expect: [201, 409],
      chance: 0.3,
    },
    {
      name: 'GET /api/conversations/mine',
      feature: 'conversations',
      path: '/api/conversations/mine',
      chance: 0.4,
    },
    { pause: ['1s', '3s'] },
  ],
}
