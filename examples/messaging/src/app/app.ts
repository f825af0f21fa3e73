// The application: its routes under one roof. What belongs to a church is behind the session, and asks for that church's rows only.

import { debugRoutes, healthHandler } from '@pgsteward/instrument'
import { expressMiddleware } from '@pgsteward/instrument/express'
import express, { type ErrorRequestHandler, type Express, type Router } from 'express'
import { Prisma } from '../generated/prisma/client.ts'
import type { Context } from './context.ts'
import { HttpError } from './http-error.ts'
import { accountRoutes } from './routes/account.ts'
import { assessmentRoutes } from './routes/assessments.ts'
import { auditLogRoutes } from './routes/audit-log.ts'
import { billingRoutes } from './routes/billing.ts'
import { broadcastRoutes } from './routes/broadcasts.ts'
import { carrierWebhook } from './routes/carrier-webhook.ts'
import { controlRoutes, countRoutes } from './routes/control.ts'
import { conversationRoutes } from './routes/conversations.ts'
import { dashboardRoutes } from './routes/dashboard.ts'
import { deliveryRoutes } from './routes/deliveries.ts'
import { evidenceRoutes } from './routes/evidence.ts'
import { groupRoutes } from './routes/groups.ts'
import { memberRoutes } from './routes/members.ts'
import { paymentWebhook } from './routes/payment-webhook.ts'
import { reportRoutes } from './routes/reports.ts'
import { requireSession } from './sessions.ts'

/** Behind the session. Each asks for rows of the caller's church only; tenants.pg.test.ts tries to cross on every one. */
export const CHURCH_ROUTES: readonly (readonly [path: string, routes: (context: Context) => Router])[] = [
  ['/api/dashboard', dashboardRoutes],
  ['/api/members', memberRoutes],
  ['/api/groups', groupRoutes],
  ['/api/conversations', conversationRoutes],
  ['/api/broadcasts', broadcastRoutes],
  ['/api/deliveries', deliveryRoutes],
  ['/api/billing', billingRoutes],
  ['/api/assessments', assessmentRoutes],
  ['/api/evidence', evidenceRoutes],
  ['/api/audit-log', auditLogRoutes],
  ['/api/reports', reportRoutes],
]

export function createApp(context: Context): Express {
  const app = express()
  app.disable('x-powered-by')
  app.set('etag', false)
  // before everything that shall be measured
  app.use(expressMiddleware())
  // keys are bigint: strings in JSON, since JavaScript's numbers end before PostgreSQL's
  app.set('json replacer', (_key: string, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  )
  const onFailure = (check: string, error: unknown) => context.log(`the ${check} is unhealthy`, error)
  app.get('/health', healthHandler({ checks: { database: () => context.pool.query('select 1') }, onFailure }))
  // for this machine only, and for nobody in production
  app.use(debugRoutes().express)
  app.use('/webhooks/carrier', carrierWebhook(context))
  app.use('/webhooks/payments', paymentWebhook(context))
  if (context.controlToken !== null) {
    app.use('/internal/faults', controlRoutes(context, context.controlToken))
    app.use('/internal/counts', countRoutes(context, context.controlToken))
  }

  app.use(express.json({ limit: '100kb' }))
  app.use('/api', accountRoutes(context))
  app.use('/api', requireSession(context), context.reads.noteWrites)
  for (const [path, routes] of CHURCH_ROUTES) app.use(path, routes(context))
  app.use((_request, _response, next) => next(new HttpError(404, 'there is no such page')))
  app.use(answerErrors(context))
  return app
}

function answerErrors({ log }: Context): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) return next(error)
    const { status, message, issues } = asHttpError(error)
    if (status >= 500) log(`${request.method} ${request.path} failed`, error)
    response.status(status).json({ error: { message, ...(issues.length > 0 ? { issues } : {}) } })
  }
}

function asHttpError(error: unknown): HttpError {
  if (error instanceof HttpError) return error
  if (error instanceof Prisma.PrismaClientKnownRequestError) {
    if (error.code === 'P2002') return new HttpError(409, 'there is one already')
    if (error.code === 'P2025') return new HttpError(404, 'not found')
  }
  // body-parser's: a body that is no JSON, or too large
  const status = (error as { status?: unknown }).status
  if (typeof status === 'number' && status >= 400 && status < 500)
    return new HttpError(status, (error as Error).message)
  return new HttpError(500, 'something went wrong')
}
