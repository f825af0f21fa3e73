// Bad habits of the application that no index mends; left out when the traffic shall be healthy.

import type { Action } from './action.ts'
import { pickInt } from './random.ts'

export const faultyActions: readonly Action[] = [
  {
    name: 'campaign report (N+1)',
    weight: 0.8,
    isFault: true,
    run: async ({ query, random, known }) => {
      const recipients = await query(
        'select id, member_id from message_recipient where message_id = $1 order by id limit 20',
        [1 + pickInt(random, known.messages)],
      )
      for (const { member_id } of recipients)
        await query('select id, first_name, last_name, phone from member where id = $1', [member_id])
    },
  },
  {
    name: 'browse the audit log (OFFSET)',
    weight: 1,
    isFault: true,
    run: ({ query, random }) =>
      query(
        `select id, action, entity, entity_id, details, created_at from audit_log
          where church_id = $1 order by created_at desc limit 50 offset $2`,
        [1, 50 * pickInt(random, 400)],
      ),
  },
]
