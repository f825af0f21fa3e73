// Conversations with members by SMS: the inbox, the history of one, and replying.

import { randomUUID } from 'node:crypto'
import { Router } from 'express'
import { z } from 'zod'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { before, beforeQuery, PAGE, page } from '../cursor.ts'
import { HttpError, notFound } from '../http-error.ts'
import { inbox, inboxOneByOne, inboxWithUnread } from '../inbox.ts'
import { key, parse, withId } from '../parse.ts'
import type { Source } from '../reads.ts'
import { staff } from '../sessions.ts'

const reply = z.object({ body: z.string().trim().min(1).max(1600) })
const change = z.object({
  status: z.enum(['OPEN', 'SNOOZED', 'CLOSED']).optional(),
  assignedUserId: key.nullish(),
})
const start = z.object({ memberId: key })

export function conversationRoutes({ prisma, reads, carrier, faults }: Context): Router {
  const routes = Router()
  // of this version: it comes and goes with a deployment
  const readInbox = faults.has('bad-deploy') ? inboxOneByOne : inbox

  const own = async (churchId: number, id: bigint, from: Pick<Source, 'prisma'> = { prisma }) => {
    const found = await from.prisma.conversation.findFirst({
      where: { id, churchId },
      include: { member: true },
    })
    if (found === null) throw notFound('conversation')
    return found
  }

  routes.get('/', async (request, response) => {
    const { churchId } = staff(response)
    const { before: cursor } = parse(beforeQuery, request.query)
    await reads.answer(
      response,
      async (from) => {
        const conversations = faults.has('slow-inbox')
          ? await inboxWithUnread(from, churchId, cursor)
          : await readInbox(from.prisma, churchId, cursor)
        return page(conversations, ({ lastMessageAt, id }) => [lastMessageAt, id])
      },
      cursor === undefined ? 'inbox' : undefined,
    )
  })

  routes.get('/mine', async (_request, response) => {
    const { userId } = staff(response)
    await reads.answer(response, async ({ prisma }) => {
      const rows = await prisma.conversation.findMany({
        where: { assignedUserId: userId, status: 'OPEN' },
        orderBy: { lastMessageAt: 'desc' },
        take: PAGE,
      })
      return { rows, next: null }
    })
  })

  routes.post('/', async (request, response) => {
    const who = staff(response)
    const { memberId } = parse(start, request.body)
    const member = await prisma.member.findFirst({ where: { id: memberId, churchId: who.churchId } })
    if (member === null) throw notFound('member')
    const created = await prisma.conversation.create({ data: { churchId: who.churchId, memberId } })
    response.status(201).json(created)
  })

  routes.patch('/:id', async (request, response) => {
    const who = staff(response)
    const { id } = parse(withId, request.params)
    const { status, assignedUserId } = parse(change, request.body)
    if (assignedUserId) {
      const user = await prisma.appUser.findFirst({ where: { id: assignedUserId, churchId: who.churchId } })
      if (user === null) throw notFound('user')
    }
    const { count } = await prisma.conversation.updateMany({
      where: { id, churchId: who.churchId },
      data: { ...(status ? { status } : {}), ...(assignedUserId === undefined ? {} : { assignedUserId }) },
    })
    if (count === 0) throw notFound('conversation')
    response.status(204).end()
  })

  routes.get('/:id/messages', async (request, response) => {
    const { churchId } = staff(response)
    const { id } = parse(withId, request.params)
    const { before: cursor } = parse(beforeQuery, request.query)
    await reads.answer(response, async (from) => {
      await own(churchId, id, from)
      const messages = await from.prisma.conversationMessage.findMany({
        where: { conversationId: id, ...before(cursor, 'sentAt') },
        orderBy: [{ sentAt: 'desc' }, { id: 'desc' }],
        take: PAGE + 1,
      })
      return page(messages, ({ sentAt, id }) => [sentAt, id])
    })
  })

  routes.post('/:id/read', async (request, response) => {
    const { churchId } = staff(response)
    const { id } = parse(withId, request.params)
    await own(churchId, id)
    await prisma.conversationMessage.updateMany({
      where: { conversationId: id, readAt: null },
      data: { readAt: new Date() },
    })
    response.status(204).end()
  })

  routes.post('/:id/messages', async (request, response) => {
    const who = staff(response)
    const { id } = parse(withId, request.params)
    const { body } = parse(reply, request.body)
    const { member } = await own(who.churchId, id)
    if (member.optedOut) throw new HttpError(409, 'the member does not want messages')
    // before the transaction: a row lock must not wait for another company's server
    const carrierMessageId = await carrier
      .send({ to: member.phone, body, reference: `RE${randomUUID()}` })
      .catch(() => {
        throw new HttpError(502, 'the carrier did not accept the message')
      })
    const message = await prisma.$transaction(async (transaction) => {
      await transaction.conversation.updateMany({
        where: { id, churchId: who.churchId },
        data: { lastMessageAt: new Date() },
      })
      const row = await transaction.conversationMessage.create({
        data: { conversationId: id, direction: 'OUTBOUND', body, carrierMessageId },
      })
      await audit(transaction, who, 'replied', 'conversation', id)
      return row
    })
    response.status(201).json(message)
  })

  return routes
}
