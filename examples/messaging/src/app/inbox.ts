// The inbox: the latest conversations of a church, each with its member.

import type { PrismaClient } from '../generated/prisma/client.ts'
import { before, PAGE } from './cursor.ts'
import type { Source } from './reads.ts'

const MEMBER = { id: true, firstName: true, lastName: true } as const

function latest(churchId: number, cursor: string | undefined) {
  return {
    where: { churchId, ...before(cursor, 'lastMessageAt') },
    orderBy: [{ lastMessageAt: 'desc' as const }, { id: 'desc' as const }],
    take: PAGE + 1,
  }
}

export function inbox(prisma: PrismaClient, churchId: number, cursor: string | undefined) {
  return prisma.conversation.findMany({
    ...latest(churchId, cursor),
    include: { member: { select: MEMBER } },
  })
}

/** The fault `bad-deploy`: reads the same, with one query for the list and one more for each line of it. */
export async function inboxOneByOne(prisma: PrismaClient, churchId: number, cursor: string | undefined) {
  const conversations = await prisma.conversation.findMany(latest(churchId, cursor))
  const lines = []
  for (const conversation of conversations) {
    const member = await prisma.member.findUniqueOrThrow({
      where: { id: conversation.memberId },
      select: MEMBER,
    })
    lines.push({ ...conversation, member })
  }
  return lines
}

/** What is grouped is not what was asked for: no condition on these conversations gets into the sub-select. */
const UNREAD = `
  select c.id::text, coalesce(counted.unread, 0)::integer as unread
    from conversation c
    left join (select conversation_id, count(*) as unread from conversation_message where read_at is null group by conversation_id) counted
      on counted.conversation_id = c.id
   where c.id = any ($1::bigint[])`

/** The fault `slow-inbox`: with the number of unread messages of each, counted for all conversations that there are. */
export async function inboxWithUnread(
  { prisma, pool }: Source,
  churchId: number,
  cursor: string | undefined,
) {
  const conversations = await inbox(prisma, churchId, cursor)
  const { rows } = await pool.query<{ id: string; unread: number }>(UNREAD, [
    conversations.map(({ id }) => String(id)),
  ])
  const unread = new Map(rows.map((row) => [row.id, row.unread]))
  return conversations.map((each) => ({ ...each, unread: unread.get(String(each.id)) ?? 0 }))
}
