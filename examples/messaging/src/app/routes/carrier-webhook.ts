// What the carrier calls: how a delivery fared, and messages that members send to us.

import { Router } from 'express'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { parse, phone } from '../parse.ts'
import { signedBody } from '../signed-body.ts'

const event = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('delivery'),
    reference: z.string().max(100),
    status: z.enum(['DELIVERED', 'FAILED', 'UNDELIVERABLE']),
    errorCode: z.int().nullish(),
  }),
  z.object({
    type: z.literal('received'),
    id: z.string().max(100),
    /** Which number it was sent to: one a church. */
    churchId: z.int().positive(),
    from: phone,
    body: z.string().min(1).max(1600),
  }),
])
type CarrierEvent = z.output<typeof event>

export function carrierWebhook(context: Context): Router {
  const routes = Router()
  routes.use(signedBody(context.webhookSecret))
  routes.post('/', async (request, response) => {
    const told = parse(event, request.body)
    if (told.type === 'delivery') await noteDelivery(context, told)
    else await receive(context, told)
    response.status(204).end()
  })
  return routes
}

async function noteDelivery(
  { prisma, metrics, cache }: Context,
  told: Extract<CarrierEvent, { type: 'delivery' }>,
) {
  const { reference, status, errorCode = null } = told
  await prisma.carrierEvent.createMany({ data: [{ reference, payload: told }] })
  // replies to a member have no delivery, only broadcasts do
  const [delivery] = await prisma.delivery.updateManyAndReturn({
    where: { carrierReference: reference },
    data: { status, errorCode, updatedAt: new Date() },
    select: { createdAt: true, churchId: true },
  })
  if (delivery === undefined) return
  await cache.forget(delivery.churchId)
  const durationMs = Date.now() - delivery.createdAt.getTime()
  metrics.recordDelivery({ channel: 'sms', durationMs, delivered: status === 'DELIVERED' })
}

async function receive({ prisma, cache }: Context, told: Extract<CarrierEvent, { type: 'received' }>) {
  const { id: carrierMessageId, churchId, from, body } = told
  // the carrier repeats what it could not deliver
  const known = await prisma.conversationMessage.findFirst({ where: { carrierMessageId } })
  if (known !== null) return
  const member = await prisma.member.findUnique({ where: { churchId_phone: { churchId, phone: from } } })
  if (member === null) return
  await prisma.$transaction(async (transaction) => {
    const conversation =
      (await transaction.conversation.findFirst({
        where: { memberId: member.id, churchId },
        orderBy: { id: 'desc' },
      })) ?? (await transaction.conversation.create({ data: { churchId, memberId: member.id } }))
    await transaction.conversationMessage.createMany({
      data: [{ conversationId: conversation.id, direction: 'INBOUND', body, carrierMessageId }],
    })
    await transaction.conversation.updateMany({
      where: { id: conversation.id },
      data: { lastMessageAt: new Date(), status: 'OPEN' },
    })
  })
  await cache.forget(churchId)
}
