// Reading the audit log: of the whole church, of oneself, and the history of one row.

import { Router } from 'express'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { before, PAGE, page } from '../cursor.ts'
import { key, parse } from '../parse.ts'
import { staff } from '../sessions.ts'

const listQuery = z.object({
  before: z.string().optional(),
  user: z.literal('me').optional(),
  /** For an old client that knows page numbers only; the fault `offset-paging` is that it still asks. */
  page: z.coerce.number().int().min(0).max(10_000).optional(),
})
const ofRow = z.object({ entity: z.string().max(40), id: key })

export function auditLogRoutes({ reads }: Context): Router {
  const routes = Router()

  routes.get('/', async (request, response) => {
    const { churchId, userId } = staff(response)
    const { before: cursor, user, page: number } = parse(listQuery, request.query)
    const where = user ? { appUserId: userId } : { churchId }
    await reads.answer(response, async ({ prisma }) => {
      const rows = await prisma.auditLog.findMany({
        where: { ...where, ...before(cursor, 'createdAt') },
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
        take: PAGE + 1,
        ...(number === undefined ? {} : { skip: number * PAGE }),
      })
      return page(rows, ({ createdAt, id }) => [createdAt, id])
    })
  })

  routes.get('/:entity/:id', async (request, response) => {
    const { churchId } = staff(response)
    const { entity, id: entityId } = parse(ofRow, request.params)
    await reads.answer(response, async ({ prisma }) => {
      const rows = await prisma.auditLog.findMany({
        where: { entity, entityId, churchId },
        orderBy: { createdAt: 'desc' },
        take: PAGE,
      })
      return { rows, next: null }
    })
  })

  return routes
}
