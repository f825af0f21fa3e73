// The application's writing requests, and the calls of the carrier's and the payment provider's webhooks.

import { createHash } from 'node:crypto'
import type { Action, Turn } from './action.ts'
import { pickInt } from './random.ts'

const CARRIER_STATUS = ['DELIVERED', 'DELIVERED', 'DELIVERED', 'DELIVERED', 'FAILED'] as const

function audit({ query }: Turn, churchId: unknown, action: string, entity: string, entityId: unknown) {
  return query(
    'insert into audit_log (church_id, action, entity, entity_id, details) values ($1, $2, $3, $4, $5)',
    [churchId, action, entity, entityId, { source: 'api' }],
  )
}

export const writingActions: readonly Action[] = [
  {
    name: 'sign in',
    weight: 4,
    run: async (turn) => {
      const { query, random, known } = turn
      const userId = 1 + pickInt(random, known.users)
      const [user] = await query('select id, church_id, email from app_user where id = $1', [userId])
      if (!user) return
      await query('select id, password_hash, role from app_user where email = $1', [user.email])
      await query('select count(*) from app_session where app_user_id = $1', [userId])
      const [session] = await query(
        `insert into app_session (token_hash, app_user_id, user_agent, expires_at)
         values (gen_random_uuid(), $1, 'Mozilla/5.0', now() + interval '30 days') returning token_hash as token`,
        [userId],
      )
      known.tokens.push(String(session?.token))
      if (known.tokens.length > 500) known.tokens.shift()
      await audit(turn, user.church_id, 'signed in', 'app_user', userId)
    },
  },
  {
    name: 'touch session',
    weight: 8,
    run: async ({ query, random, known }) => {
      const token = known.tokens[pickInt(random, known.tokens.length)]
      if (token) await query('update app_session set last_seen_at = now() where token_hash = $1', [token])
    },
  },
  {
    name: 'send conversation message',
    weight: 5,
    inTransaction: true,
    run: async (turn) => {
      const { query, random, known } = turn
      const id = 1 + pickInt(random, known.conversations)
      const [conversation] = await query(
        'update conversation set last_message_at = now() where id = $1 returning church_id',
        [id],
      )
      if (!conversation) return
      await query(
        `insert into conversation_message (conversation_id, direction, body, carrier_message_id)
         values ($1, 'OUTBOUND', $2, $3)`,
        [id, 'Thank you, see you on Sunday.', `SM${reference(random)}`],
      )
      await audit(turn, conversation.church_id, 'replied', 'conversation', id)
    },
  },
  {
    name: 'send broadcast',
    weight: 0.5,
    inTransaction: true,
    run: async (turn) => {
      const { query, random, known } = turn
      const groupId = 1 + pickInt(random, known.groups)
      const [message] = await query(
        `insert into message (church_id, author_id, member_group_id, status, body, sent_at)
         select g.church_id, (select min(u.id) from app_user u where u.church_id = g.church_id), g.id, 'SENT', $2, now()
           from member_group g where g.id = $1 returning id, church_id`,
        [groupId, 'The service on Sunday starts at nine.'],
      )
      if (!message) return
      const recipients = await query(
        `insert into message_recipient (message_id, member_id, phone)
         select $1, m.id, m.phone from group_membership gm join member m on m.id = gm.member_id
          where gm.member_group_id = $2 limit 5 returning id`,
        [message.id, groupId],
      )
      await query(
        `insert into delivery (message_recipient_id, church_id, carrier_reference)
         select recipient, $1, reference from unnest($2::bigint[], $3::text[]) as sent (recipient, reference)`,
        [message.church_id, recipients.map((row) => row.id), recipients.map(() => `CR${reference(random)}`)],
      )
      await audit(turn, message.church_id, 'sent', 'message', message.id)
    },
  },
  {
    name: "carrier's delivery report",
    weight: 6,
    run: async ({ query, random, church }) => {
      const [delivery] = await query(
        `select carrier_reference from delivery
          where church_id = $1 and status in ('QUEUED', 'SENT') limit 1`,
        [church()],
      )
      const carrierReference = delivery?.carrier_reference ?? `CR${reference(random)}`
      const status = CARRIER_STATUS[pickInt(random, CARRIER_STATUS.length)]
      await query('insert into carrier_event (reference, payload) values ($1, $2)', [
        carrierReference,
        { status },
      ])
      await query('update delivery set status = $2, updated_at = now() where carrier_reference = $1', [
        carrierReference,
        status,
      ])
    },
  },
  {
    name: "carrier's inbound message",
    weight: 3,
    run: ({ query, random, known }) =>
      query('select id, conversation_id, sent_at from conversation_message where carrier_message_id = $1', [
        `SM${md5(String(1 + pickInt(random, known.conversationMessages)))}`,
      ]),
  },
  {
    name: "provider's payment",
    weight: 0.7,
    inTransaction: true,
    run: async (turn) => {
      const { query, random, church } = turn
      const [subscription] = await query(
        'select id, church_id, price_cents from subscription where church_id = $1',
        [church()],
      )
      if (!subscription) return
      await query(
        "select count(*), max(paid_at) from payment where subscription_id = $1 and status = 'SUCCEEDED'",
        [subscription.id],
      )
      const [payment] = await query(
        `insert into payment (church_id, subscription_id, amount_cents, status, provider_reference)
         values ($1, $2, $3, 'PENDING', $4) returning id`,
        [subscription.church_id, subscription.id, subscription.price_cents, `pi_${reference(random)}`],
      )
      await query("update payment set status = 'SUCCEEDED' where id = $1", [payment?.id])
      await audit(turn, subscription.church_id, 'paid', 'payment', payment?.id)
    },
  },
  {
    name: 'answer assessment',
    weight: 3,
    inTransaction: true,
    run: async ({ query, random, church }) => {
      const churchId = church()
      const assessmentId = await oneInProgress({ query, random }, churchId)
      if (assessmentId === undefined) return
      const [answer] = await query(
        `insert into answer (assessment_id, question_number, value, remark) values ($1, $2, $3, 'answered online')
         on conflict (assessment_id, question_number) do update set value = excluded.value, answered_at = now()
         returning id`,
        [assessmentId, 1 + pickInt(random, 5), pickInt(random, 11)],
      )
      if (random() > 0.2) return
      await query(
        `insert into evidence_file (answer_id, church_id, file_name, content_type, size_bytes)
         values ($1, $2, 'evidence.pdf', 'application/pdf', 120000)`,
        [answer?.id, churchId],
      )
      await query(
        `delete from evidence_file
          where id = (select id from evidence_file where church_id = $1 order by uploaded_at limit 1)`,
        [churchId],
      )
    },
  },
  {
    name: 'withdraw answer',
    weight: 0.6,
    run: async ({ query, random, church }) => {
      const assessmentId = await oneInProgress({ query, random }, church())
      if (assessmentId !== undefined)
        await query('delete from answer where assessment_id = $1 and question_number = $2', [
          assessmentId,
          1 + pickInt(random, 5),
        ])
    },
  },
]

async function oneInProgress({ query, random }: Pick<Turn, 'query' | 'random'>, churchId: number) {
  const rows = await query(
    "select id, member_id from assessment where church_id = $1 and status = 'IN_PROGRESS' limit 10",
    [churchId],
  )
  return rows[pickInt(random, rows.length)]?.id
}

function reference(random: () => number): string {
  return md5(`${Date.now()}/${random()}`)
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex')
}
