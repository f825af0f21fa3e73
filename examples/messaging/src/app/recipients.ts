// Who a broadcast went to.

import type { PrismaClient } from '../generated/prisma/client.ts'

const MOST = 100

export function recipientsOf(prisma: PrismaClient, messageId: bigint) {
  return prisma.messageRecipient.findMany({
    where: { messageId },
    orderBy: { id: 'asc' },
    take: MOST,
    select: { id: true, phone: true, member: { select: { id: true, firstName: true, lastName: true } } },
  })
}

/** The fault `n-plus-one`: reads the same, with one query for the list and one more for each line of it. */
export async function recipientsOneByOne(prisma: PrismaClient, messageId: bigint) {
  const recipients = await prisma.messageRecipient.findMany({
    where: { messageId },
    orderBy: { id: 'asc' },
    take: MOST,
  })
  const lines = []
  for (const { id, phone, memberId } of recipients) {
    const member = await prisma.member.findUniqueOrThrow({
      where: { id: memberId },
      select: { id: true, firstName: true, lastName: true },
    })
    lines.push({ id, phone, member })
  }
  return lines
}
