// The application's reading requests.

import type { Action } from './action.ts'
import { pickInt } from './random.ts'

export const readingActions: readonly Action[] = [
  {
    name: 'list members',
    weight: 8,
    run: async ({ query, church }) => {
      const churchId = church()
      const rows = await query(
        `select id, first_name, last_name, phone, email from member
          where church_id = $1 order by last_name, first_name limit 25`,
        [churchId],
      )
      if (rows[0])
        await query('select id, first_name, opted_out from member where church_id = $1 and phone = $2', [
          churchId,
          rows[0].phone,
        ])
    },
  },
  {
    name: 'show inbox',
    weight: 10,
    run: ({ query, church }) =>
      query(
        `select c.id, c.status, c.last_message_at, m.first_name, m.last_name
           from conversation c join member m on m.id = c.member_id
          where c.church_id = $1 order by c.last_message_at desc limit 20`,
        [church()],
      ),
  },
  {
    name: 'read conversation',
    weight: 12,
    run: async ({ query, random, known }) => {
      const id = 1 + pickInt(random, known.conversations)
      await query(
        `select id, direction, body, sent_at, read_at from conversation_message
          where conversation_id = $1 order by sent_at desc limit 30`,
        [id],
      )
      if (random() < 0.3)
        await query(
          'update conversation_message set read_at = now() where conversation_id = $1 and read_at is null',
          [id],
        )
    },
  },
  {
    name: 'list own conversations',
    weight: 4,
    run: ({ query, random, known }) =>
      query(
        `select id, member_id, last_message_at from conversation
          where assigned_user_id = $1 and status = 'OPEN' order by last_message_at desc limit 20`,
        [1 + pickInt(random, known.users)],
      ),
  },
  {
    name: 'show member',
    weight: 5,
    run: async ({ query, random, known }) => {
      const id = [1 + pickInt(random, known.members)]
      await query('select id, first_name, last_name, phone, email, joined_on from member where id = $1', id)
      await query(
        `select g.id, g.name from group_membership gm join member_group g on g.id = gm.member_group_id
          where gm.member_id = $1`,
        id,
      )
      await query('select id, title, status, score from assessment where member_id = $1', id)
      await query('select id, status, last_message_at from conversation where member_id = $1', id)
      await query('select id, message_id, created_at from message_recipient where member_id = $1', id)
    },
  },
  {
    name: 'show dashboard',
    weight: 3,
    run: async ({ query, church }) => {
      const churchId = [church()]
      await query('select id, display_name, role from app_user where church_id = $1', churchId)
      await query('select status, count(*) from assessment where church_id = $1 group by status', churchId)
      await query("select count(*) from delivery where church_id = $1 and status = 'FAILED'", churchId)
      await query(
        `select coalesce(sum(amount_cents), 0) as cents from payment
          where church_id = $1 and paid_at > now() - interval '30 days'`,
        churchId,
      )
    },
  },
  {
    name: 'list broadcasts',
    weight: 4,
    run: async ({ query, random, known, church }) => {
      const churchId = [church()]
      await query(
        'select id, status, body, sent_at from message where church_id = $1 order by created_at desc limit 20',
        churchId,
      )
      await query('select id, name from member_group where church_id = $1 order by name limit 50', churchId)
      await query('select id, status, created_at from message where author_id = $1 limit 20', [
        1 + pickInt(random, known.users),
      ])
      await query('select id, status, created_at from message where member_group_id = $1 limit 20', [
        1 + pickInt(random, known.groups),
      ])
    },
  },
  {
    name: 'show deliveries of a broadcast',
    weight: 2,
    run: async ({ query, random, known }) => {
      const recipients = await query(
        'select id, member_id, phone from message_recipient where message_id = $1 order by id limit 5',
        [1 + pickInt(random, known.messages)],
      )
      await query(
        `select message_recipient_id, status, error_code, updated_at from delivery
          where message_recipient_id = any ($1)`,
        [recipients.map((row) => row.id)],
      )
    },
  },
  {
    name: 'show history of a row',
    weight: 3,
    run: async ({ query, random, known }) => {
      await query(
        `select action, details, created_at from audit_log
          where entity = $1 and entity_id = $2 order by created_at desc limit 20`,
        ['member', 1 + pickInt(random, Math.min(30000, known.members))],
      )
      await query('select action, entity, created_at from audit_log where app_user_id = $1 limit 20', [
        1 + pickInt(random, known.users),
      ])
    },
  },
  {
    name: 'list evidence',
    weight: 2,
    run: ({ query, church }) =>
      query(
        `select id, file_name, content_type, size_bytes, uploaded_at from evidence_file
          where church_id = $1 order by uploaded_at desc limit 20`,
        [church()],
      ),
  },
  {
    name: 'export payments',
    weight: 0.3,
    run: ({ query }) =>
      query(
        `select church_id, provider_reference, paid_at, amount_cents, status,
                sum(amount_cents) over (order by paid_at, provider_reference) as running_cents
           from payment order by paid_at, provider_reference limit 100`,
      ),
  },
]
