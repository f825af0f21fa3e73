// The subscription of a church and its payments.

import { randomUUID } from 'node:crypto'
import { Router } from 'express'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { before, beforeQuery, PAGE, page } from '../cursor.ts'
import { HttpError, notFound } from '../http-error.ts'
import { parse } from '../parse.ts'
import { requireRole, staff } from '../sessions.ts'

export function billingRoutes({ prisma, reads, payments, metrics }: Context): Router {
  const routes = Router()

  const subscriptionOf = async (churchId: number) => {
    const found = await prisma.subscription.findUnique({ where: { churchId } })
    if (found === null) throw notFound('subscription')
    return found
  }

  routes.get('/subscription', async (_request, response) => {
    const { churchId } = staff(response)
    const subscription = await subscriptionOf(churchId)
    const paid = await prisma.payment.count({
      where: { subscriptionId: subscription.id, status: 'SUCCEEDED' },
    })
    response.json({ ...subscription, paid })
  })

  routes.get('/payments', async (request, response) => {
    const { churchId } = staff(response)
    const { before: cursor } = parse(beforeQuery, request.query)
    await reads.answer(
      response,
      async ({ prisma }) => {
        const rows = await prisma.payment.findMany({
          where: { churchId, ...before(cursor, 'paidAt') },
          orderBy: [{ paidAt: 'desc' }, { id: 'desc' }],
          take: PAGE + 1,
        })
        return page(rows, ({ paidAt, id }) => [paidAt, id])
      },
      cursor === undefined ? 'payments' : undefined,
    )
  })

  routes.post('/payments', requireRole('OWNER', 'ADMIN'), async (_request, response) => {
    const who = staff(response)
    const { id: subscriptionId, priceCents: amountCents } = await subscriptionOf(who.churchId)
    const providerReference = `pi_${randomUUID()}`
    const { id } = await prisma.payment.create({
      data: { churchId: who.churchId, subscriptionId, amountCents, status: 'PENDING', providerReference },
    })
    // no transaction is open while the provider thinks
    const since = performance.now()
    const measure = (outcome: 'succeeded' | 'declined' | 'failed') => {
      const durationMs = performance.now() - since
      metrics.recordBilling({ durationMs, outcome, amount: amountCents, currency: 'USD' })
    }
    const charge = { reference: providerReference, amountCents, currency: 'USD' }
    const status = await payments.charge(charge).catch((error) => {
      // it stays PENDING: nobody knows whether the provider has charged
      measure('failed')
      throw error
    })
    measure(status === 'SUCCEEDED' ? 'succeeded' : 'declined')
    await prisma.$transaction(async (transaction) => {
      await transaction.payment.updateMany({ where: { id }, data: { status } })
      await transaction.subscription.updateMany({
        where: { churchId: who.churchId },
        data: { status: status === 'SUCCEEDED' ? 'ACTIVE' : 'PAST_DUE' },
      })
      await audit(transaction, who, status === 'SUCCEEDED' ? 'paid' : 'payment failed', 'payment', id)
    })
    if (status === 'FAILED') throw new HttpError(402, 'the card was declined')
    response.status(201).json({ id, status, amountCents })
  })

  return routes
}
