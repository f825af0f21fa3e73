// What staff look at.

import type { Action } from './action.ts'
import { pickInt } from './random.ts'

const get = (name: string, weight: number, path: string): Action => ({
  name,
  weight,
  run: ({ visitor }) => visitor.get(path),
})

export const readingActions: readonly Action[] = [
  { name: 'list members', weight: 8, run: ({ visitor, random }) => visitor.list('members', random) },
  get('search members', 1, '/api/members?search=Jack'),
  {
    name: 'show member',
    weight: 5,
    run: async ({ visitor, random }) => {
      const member = await visitor.pick('members', random)
      if (member) await visitor.get(`/api/members/${member.id}`)
    },
  },
  { name: 'show inbox', weight: 10, run: ({ visitor, random }) => visitor.list('conversations', random) },
  {
    name: 'read conversation',
    weight: 12,
    run: async ({ visitor, random }) => {
      const conversation = await visitor.pick('conversations', random)
      if (!conversation) return
      const path = `/api/conversations/${conversation.id}`
      await visitor.get(`${path}/messages`)
      if (random() < 0.3) await visitor.send('POST', `${path}/read`)
    },
  },
  get('list own conversations', 4, '/api/conversations/mine'),
  get('show dashboard', 3, '/api/dashboard'),
  {
    name: 'list broadcasts',
    weight: 4,
    run: ({ visitor, random }) => visitor.list('broadcasts', random, random() < 0.3 ? 'author=me' : ''),
  },
  {
    name: 'show broadcast',
    weight: 2,
    run: async ({ visitor, random }) => {
      const broadcast = await visitor.pick('broadcasts', random)
      if (broadcast) await visitor.get(`/api/broadcasts/${broadcast.id}`)
    },
  },
  {
    name: 'show recipients of a broadcast',
    weight: 2,
    run: async ({ visitor, random }) => {
      const broadcast = await visitor.pick('broadcasts', random)
      if (broadcast) await visitor.get(`/api/broadcasts/${broadcast.id}/recipients`)
    },
  },
  get('list failed deliveries', 2, '/api/deliveries?status=FAILED'),
  {
    name: 'show group',
    weight: 3,
    run: async ({ visitor, random }) => {
      const group = await visitor.pick('groups', random)
      if (group) await visitor.get(`/api/groups/${group.id}`)
    },
  },
  { name: 'list assessments', weight: 2, run: ({ visitor, random }) => visitor.list('assessments', random) },
  {
    name: 'show assessment',
    weight: 2,
    run: async ({ visitor, random }) => {
      const assessment = await visitor.pick('assessments', random)
      if (assessment) await visitor.get(`/api/assessments/${assessment.id}`)
    },
  },
  { name: 'list evidence', weight: 2, run: ({ visitor, random }) => visitor.list('evidence', random) },
  get('show subscription', 1, '/api/billing/subscription'),
  get('list payments', 2, '/api/billing/payments'),
  get('list the audit log', 1, '/api/audit-log'),
  get('list own changes', 1.5, '/api/audit-log?user=me'),
  {
    name: 'show history of a member',
    weight: 3,
    run: async ({ visitor, random }) => {
      const member = await visitor.pick('members', random)
      if (member) await visitor.get(`/api/audit-log/member/${member.id}`)
    },
  },
  {
    name: 'browse the audit log by page',
    weight: 1,
    fault: 'offset-paging',
    run: ({ visitor, random }) => visitor.get(`/api/audit-log?page=${pickInt(random, 400)}`),
  },
  get('report corrections', 0.6, '/api/reports/corrections'),
  get('report delivery rate', 1, '/api/reports/delivery-rate'),
  {
    name: 'report copies',
    weight: 25,
    fault: 'plan-flip',
    // of one church: plans of churches of other sizes would flip to and fro by themselves
    run: async ({ visitor }) => {
      if (visitor.churchId === 1) await visitor.get('/api/reports/copies')
    },
  },
  get('show own account', 2, '/api/me'),
]
