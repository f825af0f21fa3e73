// How the messages of a church's broadcasts fared.

import { Router } from 'express'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { before, PAGE, page } from '../cursor.ts'
import { parse } from '../parse.ts'
import { staff } from '../sessions.ts'

const listQuery = z.object({
  before: z.string().optional(),
  status: z.enum(['QUEUED', 'SENT', 'DELIVERED', 'FAILED', 'UNDELIVERABLE']).default('FAILED'),
})

export function deliveryRoutes({ reads }: Context): Router {
  const routes = Router()

  routes.get('/', async (request, response) => {
    const { churchId } = staff(response)
    const { before: cursor, status } = parse(listQuery, request.query)
    await reads.answer(
      response,
      async ({ prisma }) => {
        const deliveries = await prisma.delivery.findMany({
          where: { churchId, status, ...before(cursor, 'updatedAt') },
          orderBy: [{ updatedAt: 'desc' }, { id: 'desc' }],
          take: PAGE + 1,
          include: { recipient: { select: { phone: true, memberId: true } } },
        })
        return page(deliveries, ({ updatedAt, id }) => [updatedAt, id])
      },
      cursor === undefined ? `deliveries ${status}` : undefined,
    )
  })

  return routes
}
