// The inbox: the latest conversations of a church, each with its member.

import type { PrismaClient } from '../generated/prisma/client.ts'
import { before, PAGE } from './cursor.ts'

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
