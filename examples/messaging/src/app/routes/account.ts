// Registering a church with its first user, signing in and out, and who is signed in.

import { randomBytes } from 'node:crypto'
import { Router } from 'express'
import { z } from 'zod'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { HttpError } from '../http-error.ts'
import { parse } from '../parse.ts'
import { hashPassword, isPassword } from '../passwords.ts'
import { endSession, requireSession, staff, startSession } from '../sessions.ts'
import { createSignInLimit } from '../sign-in-limit.ts'

const email = z
  .email()
  .max(200)
  .transform((text) => text.toLowerCase())
const password = z.string().min(10).max(200)
const registration = z.object({
  churchName: z.string().trim().min(2).max(100),
  displayName: z.string().trim().min(1).max(100),
  email,
  password,
})
const credentials = z.object({ email, password: z.string().max(200) })
const TRIAL_MS = 14 * 24 * 3600_000

export function accountRoutes(context: Context): Router {
  const { prisma, metrics } = context
  const limit = createSignInLimit()
  const routes = Router()

  routes.post('/register', async (request, response) => {
    const { churchName, displayName, email, password } = parse(registration, request.body)
    const passwordHash = await hashPassword(password)
    const user = await prisma.$transaction(async (transaction) => {
      const church = await transaction.church.create({ data: { name: churchName, slug: slugOf(churchName) } })
      const owner = await transaction.appUser.create({
        data: { churchId: church.id, email, displayName, role: 'OWNER', passwordHash },
      })
      const now = new Date()
      const currentPeriodEnd = new Date(now.getTime() + TRIAL_MS)
      await transaction.subscription.create({
        data: {
          churchId: church.id,
          plan: 'STARTER',
          status: 'TRIAL',
          priceCents: 1900,
          startedAt: now,
          currentPeriodEnd,
        },
      })
      await audit(
        transaction,
        { churchId: church.id, userId: owner.id },
        'registered',
        'church',
        BigInt(church.id),
      )
      return owner
    })
    metrics.count('subscriptions.created', 1, { plan: 'STARTER' }, '{subscription}')
    await startSession(context, response, user.id)
    response.status(201).json({ id: user.id, email, displayName, role: user.role })
  })

  routes.post('/sign-in', async (request, response) => {
    const { email, password } = parse(credentials, request.body)
    const address = request.socket.remoteAddress ?? 'unknown'
    const waitSeconds = limit.waitSeconds(email, address)
    if (waitSeconds > 0) {
      response.set('Retry-After', String(waitSeconds))
      throw new HttpError(429, 'too many failures, try again later')
    }
    const user = await prisma.appUser.findUnique({ where: { email } })
    if (!(await isPassword(password, user?.passwordHash ?? null)) || user === null) {
      limit.failed(email, address)
      throw new HttpError(401, 'e-mail address or password is wrong')
    }
    limit.succeeded(email)
    await startSession(context, response, user.id)
    await audit(prisma, { churchId: user.churchId, userId: user.id }, 'signed in', 'app_user', user.id)
    response.json({ id: user.id, email, displayName: user.displayName, role: user.role })
  })

  routes.post('/sign-out', async (_request, response) => {
    await endSession(context, response)
    response.status(204).end()
  })

  routes.get('/me', requireSession(context), async (_request, response) => {
    const { userId, email, displayName, role } = staff(response)
    const sessions = await prisma.appSession.count({ where: { appUserId: userId } })
    response.json({ id: userId, email, displayName, role, sessions })
  })

  return routes
}

function slugOf(name: string): string {
  const words = name.toLowerCase().match(/[a-z0-9]+/g) ?? ['church']
  return `${words.join('-').slice(0, 60)}-${randomBytes(3).toString('hex')}`
}
