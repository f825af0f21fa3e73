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

export function paymentWebhook({ prisma, webhookSecret }: Context): Router {
  const routes = Router()
  routes.use(signedBody(webhookSecret))
  routes.post('/', async (request, response) => {
    const { reference, status } = parse(event, request.body)
    const { count } = await prisma.payment.updateMany({
      where: { providerReference: reference },
      data: { status },
    })
    if (count === 0) throw notFound('payment')
    response.status(204).end()
  })
  return routes
}
