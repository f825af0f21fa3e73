// The first page: numbers of the whole church.

import { Router } from 'express'
import type { Context } from '../context.ts'
import type { Source } from '../reads.ts'
import { staff } from '../sessions.ts'

const MONTH_MS = 30 * 24 * 3600_000

export function dashboardRoutes({ reads }: Context): Router {
  const routes = Router()

  routes.get('/', async (_request, response) => {
    const { churchId } = staff(response)
    const since = new Date(Date.now() - MONTH_MS)
    const load = async ({ prisma }: Source) => {
      const [users, assessments, failedDeliveries, paid] = await Promise.all([
        prisma.appUser.findMany({ where: { churchId }, select: { id: true, displayName: true, role: true } }),
        prisma.assessment.groupBy({ by: ['status'], where: { churchId }, _count: true }),
        prisma.delivery.count({ where: { churchId, status: 'FAILED' } }),
        prisma.payment.aggregate({
          where: { churchId, paidAt: { gt: since }, status: 'SUCCEEDED' },
          _sum: { amountCents: true },
        }),
      ])
      return {
        users,
        assessments: Object.fromEntries(assessments.map(({ status, _count }) => [status, _count])),
        failedDeliveries,
        paidCents: paid._sum.amountCents ?? 0,
      }
    }
    await reads.answer(response, load, 'dashboard')
  })

  return routes
}
