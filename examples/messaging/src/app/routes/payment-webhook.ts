// What the payment provider calls: a charge that went through, failed or was refunded after all.

import { Router } from 'express'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { notFound } from '../http-error.ts'
import { parse } from '../parse.ts'
import { signedBody } from '../signed-body.ts'

const event = z.object({
  reference: z.string().max(100),
  status: z.enum(['SUCCEEDED', 'FAILED', 'REFUNDED']),
})

export function paymentWebhook({ prisma, cache, webhookSecret }: Context): Router {
  const routes = Router()
  routes.use(signedBody(webhookSecret))
  routes.post('/', async (request, response) => {
    const { reference, status } = parse(event, request.body)
    const [payment] = await prisma.payment.updateManyAndReturn({
      where: { providerReference: reference },
      data: { status },
      select: { churchId: true },
    })
    if (payment === undefined) throw notFound('payment')
    await cache.forget(payment.churchId)
    response.status(204).end()
  })
  return routes
}
