// Reports in plain SQL, where Prisma has no words for what is asked.

import { Router } from 'express'
import type pg from 'pg'
import type { Context } from '../context.ts'
import type { Source } from '../reads.ts'
import { staff } from '../sessions.ts'

/** Changes to the same row one after the other: who corrects whom. Sorts all of a church's log. */
const CORRECTIONS = `
  select entity, entity_id, action, created_at, previous_action, created_at - previous_at as after
    from (select entity, entity_id, action, created_at,
                 lag(action) over changes as previous_action, lag(created_at) over changes as previous_at
            from audit_log where church_id = $1
          window changes as (partition by entity, entity_id order by created_at, id)) change
   where previous_at > created_at - interval '1 hour' order by created_at desc limit 100`

const DELIVERY_RATE = `
  select date_trunc('week', m.created_at) as week, count(*) as messages, count(*) filter (where m.status = 'SENT') as sent
    from message m where m.church_id = $1 group by 1 order by 1 desc limit 12`

/** The same text to several people: a chain letter, or somebody who presses the button twice. */
const COPIES = `
  select cm.body, count(*) as copies, min(cm.sent_at) as first_at, max(cm.sent_at) as last_at
    from conversation_message cm
    join conversation c on c.id = cm.conversation_id
    join conversation_message other on other.body = cm.body and other.conversation_id <> cm.conversation_id
   where cm.read_at is null and other.read_at is null and c.church_id = $1
   group by cm.body order by copies desc, last_at desc limit 20`

/** So many connections the fault `pool-leak` may keep: the application shall be slow, not dead. */
const MOST_LEAKED = 3

export function reportRoutes({ pool, reads, faults }: Context): Router {
  const routes = Router()
  const leaked: pg.PoolClient[] = []
  faults.onChange((id, on) => {
    if (id === 'pool-leak' && !on) for (const client of leaked.splice(0)) client.release()
  })

  routes.get('/corrections', async (_request, response) => {
    const { churchId } = staff(response)
    const load = async ({ pool }: Source) => ({
      rows: (await pool.query(CORRECTIONS, [churchId])).rows,
      next: null,
    })
    await reads.answer(response, load, 'corrections')
  })

  routes.get('/copies', async (_request, response) => {
    const { churchId } = staff(response)
    const load = async ({ pool }: Source) => ({
      rows: (await pool.query(COPIES, [churchId])).rows,
      next: null,
    })
    await reads.answer(response, load, 'copies')
  })

  routes.get('/delivery-rate', async (_request, response) => {
    const { churchId } = staff(response)
    const load = async (from: Source) => {
      const client = await from.pool.connect()
      try {
        const { rows } = await client.query(DELIVERY_RATE, [churchId])
        return { rows, next: null }
      } finally {
        if (faults.has('pool-leak') && from.pool === pool && leaked.length < MOST_LEAKED) leaked.push(client)
        else client.release()
      }
    }
    await reads.answer(response, load, 'delivery-rate')
  })

  return routes
}
