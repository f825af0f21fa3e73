// What staff change, and what members send.

import { SIGNATURE_HEADER, sign } from '../app/signatures.ts'
import type { Action } from './action.ts'
import { pickInt, type Random } from './random.ts'

const EVIDENCE_BYTES = 4_000

/** `secret` signs the carrier's webhook. */
export function writingActions(secret: string): readonly Action[] {
  return [
    {
      name: 'sign in again',
      weight: 0.5,
      run: async ({ visitor }) => {
        await visitor.signOut()
        await visitor.signIn()
      },
    },
    {
      name: 'reply to a conversation',
      weight: 4,
      run: async ({ visitor, random }) => {
        const conversation = await visitor.pick('conversations', random)
        if (conversation)
          await visitor.send('POST', `/api/conversations/${conversation.id}/messages`, {
            body: 'Thank you, see you on Sunday.',
          })
      },
    },
    {
      name: 'take over a conversation',
      weight: 1,
      run: async ({ visitor, random }) => {
        const conversation = await visitor.pick('conversations', random)
        const me = (await visitor.get('/api/me')) as { id: string } | null
        if (conversation && me)
          await visitor.send('PATCH', `/api/conversations/${conversation.id}`, {
            status: random() < 0.7 ? 'CLOSED' : 'OPEN',
            assignedUserId: me.id,
          })
      },
    },
    {
      name: 'send a broadcast',
      weight: 1,
      run: async ({ visitor, random }) => {
        const group = await visitor.pick('groups', random)
        if (group)
          await visitor.send('POST', '/api/broadcasts', {
            groupId: group.id,
            body: 'The service on Sunday starts at nine.',
          })
      },
    },
    {
      name: 'pay',
      weight: 0.5,
      run: ({ visitor }) => visitor.send('POST', '/api/billing/payments'),
    },
    {
      name: 'add a member and remove it',
      weight: 0.3,
      run: async ({ visitor, random }) => {
        const member = (await visitor.send('POST', '/api/members', {
          firstName: 'New',
          lastName: 'Member',
          phone: `+1999${String(pickInt(random, 1e10)).padStart(10, '0')}`,
        })) as { id: string } | null
        if (member) await visitor.send('DELETE', `/api/members/${member.id}`)
      },
    },
    {
      name: 'answer an assessment',
      weight: 3,
      run: async ({ visitor, random }) => {
        const assessment = await visitor.pick('assessments', random)
        if (!assessment) return
        const answer = `/api/assessments/${assessment.id}/answers/${1 + pickInt(random, 5)}`
        await visitor.send('PUT', answer, { value: pickInt(random, 11), remark: 'answered online' })
        if (random() > 0.2) return
        const file = await visitor.upload(`${answer}/evidence`, new Uint8Array(EVIDENCE_BYTES).fill(32))
        const { id } = (file ?? {}) as { id?: string }
        if (id !== undefined) await visitor.send('DELETE', `/api/evidence/${id}`)
      },
    },
    {
      name: 'withdraw an answer',
      weight: 0.6,
      run: async ({ visitor, random }) => {
        const assessment = await visitor.pick('assessments', random)
        if (assessment)
          await visitor.send('DELETE', `/api/assessments/${assessment.id}/answers/${1 + pickInt(random, 5)}`)
      },
    },
    {
      name: 'a member writes',
      weight: 2,
      run: async ({ visitor, random }) => {
        const member = await visitor.pick('members', random)
        if (!member) return
        const body = JSON.stringify({
          type: 'received',
          id: reference(random),
          churchId: visitor.churchId,
          from: member.phone,
          body: 'When does it start?',
        })
        await visitor.asStranger('/webhooks/carrier', body, {
          'content-type': 'application/json',
          [SIGNATURE_HEADER]: sign(secret, body, Date.now()),
        })
      },
    },
  ]
}

function reference(random: Random): string {
  return `IN${Date.now().toString(36)}${Math.floor(random() * 2 ** 40).toString(36)}`
}
