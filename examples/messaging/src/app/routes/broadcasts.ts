// SMS broadcasts to a group.

import { randomUUID } from 'node:crypto'
import { Router } from 'express'
import { z } from 'zod'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { before, PAGE, page } from '../cursor.ts'
import { HttpError, notFound } from '../http-error.ts'
import { key, parse, withId } from '../parse.ts'
import type { Source } from '../reads.ts'
import { recipientsOf, recipientsOneByOne } from '../recipients.ts'
import { staff } from '../sessions.ts'

const broadcast = z.object({ groupId: key, body: z.string().trim().min(1).max(1600) })
const listQuery = z.object({ before: z.string().optional(), author: z.literal('me').optional() })
const MOST_RECIPIENTS = 1000

export function broadcastRoutes({ prisma, reads, deliveries, faults }: Context): Router {
  const routes = Router()

  const own = async ({ prisma }: Source, churchId: number, id: bigint) => {
    const found = await prisma.message.findFirst({ where: { id, churchId } })
    if (found === null) throw notFound('broadcast')
    return found
  }

  routes.get('/', async (request, response) => {
    const { churchId, userId } = staff(response)
    const { before: cursor, author } = parse(listQuery, request.query)
    await reads.answer(
      response,
      async ({ prisma }) => {
        const messages = await prisma.message.findMany({
          where: { churchId, ...(author ? { authorId: userId } : {}), ...before(cursor, 'createdAt') },
          orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
          take: PAGE + 1,
        })
        return page(messages, ({ createdAt, id }) => [createdAt, id])
      },
      cursor === undefined && author === undefined ? 'broadcasts' : undefined,
    )
  })

  routes.post('/', async (request, response) => {
    const who = staff(response)
    const { groupId, body } = parse(broadcast, request.body)
    const group = await prisma.memberGroup.findFirst({ where: { id: groupId, churchId: who.churchId } })
    if (group === null) throw notFound('group')
    const members = await prisma.member.findMany({
      where: { churchId: who.churchId, optedOut: false, groups: { some: { memberGroupId: groupId } } },
      select: { id: true, phone: true },
      orderBy: { id: 'asc' },
      take: MOST_RECIPIENTS,
    })
    if (members.length === 0) throw new HttpError(409, 'nobody in this group wants messages')

    const { message, queued } = await prisma.$transaction(async (transaction) => {
      const message = await transaction.message.create({
        data: {
          churchId: who.churchId,
          authorId: who.userId,
          memberGroupId: groupId,
          status: 'SENT',
          body,
          sentAt: new Date(),
        },
      })
      const recipients = await transaction.messageRecipient.createManyAndReturn({
        data: members.map(({ id, phone }) => ({ messageId: message.id, memberId: id, phone })),
      })
      const queued = recipients.map(({ id, phone }) => ({
        messageRecipientId: id,
        churchId: who.churchId,
        carrierReference: `CR${randomUUID()}`,
        phone,
      }))
      await transaction.delivery.createMany({ data: queued.map(({ phone: _, ...row }) => row) })
      await transaction.subscription.updateMany({
        where: { churchId: who.churchId },
        data: { messagesUsed: { increment: members.length } },
      })
      await audit(transaction, who, 'sent', 'message', message.id, { recipients: members.length })
      return { message, queued }
    })
    deliveries.add(
      queued.map(({ churchId, carrierReference, phone }) => ({
        churchId,
        reference: carrierReference,
        to: phone,
        body,
      })),
    )
    response.status(202).json({ ...message, recipients: members.length })
  })

  routes.get('/:id', async (request, response) => {
    const { churchId } = staff(response)
    const { id } = parse(withId, request.params)
    await reads.answer(response, async (from) => {
      const found = await own(from, churchId, id)
      const recipients = await from.prisma.messageRecipient.findMany({
        where: { messageId: id },
        orderBy: { id: 'asc' },
        take: 5,
        include: { deliveries: true },
      })
      return { ...found, recipients }
    })
  })

  routes.get('/:id/recipients', async (request, response) => {
    const { churchId } = staff(response)
    const { id } = parse(withId, request.params)
    const read = faults.has('n-plus-one') ? recipientsOneByOne : recipientsOf
    await reads.answer(response, async (from) => {
      await own(from, churchId, id)
      return { rows: await read(from.prisma, id), next: null }
    })
  })

  return routes
}
