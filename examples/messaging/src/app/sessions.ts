// Sessions: a random token in an httpOnly cookie, its hash in app_session.

import { createHash, randomBytes } from 'node:crypto'
import { parseCookie, stringifySetCookie } from 'cookie'
import type { RequestHandler, Response } from 'express'
import type { PrismaClient } from '../generated/prisma/client.ts'
import type { Context } from './context.ts'
import { HttpError } from './http-error.ts'

/** Who asks. Every statement of a route is bound to `churchId`. */
export interface Staff {
  readonly userId: bigint
  readonly churchId: number
  readonly role: string
  readonly email: string
  readonly displayName: string
}

const COOKIE = 'session'
const LIFETIME_MS = 30 * 24 * 3600_000
/** Not at each request: that would be a write for each read. */
const TOUCH_AFTER_MS = 60_000

const hashOf = (token: string) => createHash('sha256').update(token).digest('base64url')
const tokenOf = (cookies: string | undefined) => parseCookie(cookies ?? '')[COOKIE]

export async function startSession(context: Context, response: Response, userId: bigint): Promise<void> {
  const token = randomBytes(32).toString('base64url')
  const userAgent = String(response.req.headers['user-agent'] ?? 'unknown').slice(0, 200)
  const expiresAt = new Date(Date.now() + LIFETIME_MS)
  await context.prisma.appSession.create({
    data: { tokenHash: hashOf(token), appUserId: userId, userAgent, expiresAt },
  })
  setCookie(response, token, LIFETIME_MS / 1000, context.isProduction)
}

export async function endSession(context: Context, response: Response): Promise<void> {
  const token = tokenOf(response.req.headers.cookie)
  if (token !== undefined) await context.prisma.appSession.deleteMany({ where: { tokenHash: hashOf(token) } })
  setCookie(response, '', 0, context.isProduction)
}

function setCookie(response: Response, value: string, maxAge: number, secure: boolean): void {
  const cookie = { name: COOKIE, value, httpOnly: true, sameSite: 'lax', path: '/', maxAge, secure } as const
  response.append('Set-Cookie', stringifySetCookie(cookie))
}

/** Everything behind it has a `staff(response)`; without a valid session it is a 401. */
export function requireSession({ prisma }: Context): RequestHandler {
  return async (request, response, next) => {
    const token = tokenOf(request.headers.cookie)
    const found = token === undefined ? null : await findStaff(prisma, hashOf(token))
    if (found === null) throw new HttpError(401, 'sign in first')
    response.locals.staff = found
    next()
  }
}

export function staff(response: Response): Staff {
  return response.locals.staff as Staff
}

/** For what only some may do. */
export function requireRole(...roles: readonly string[]): RequestHandler {
  return (_request, response, next) => {
    if (!roles.includes(staff(response).role)) throw new HttpError(403, 'your role does not allow this')
    next()
  }
}

async function findStaff(prisma: PrismaClient, tokenHash: string): Promise<Staff | null> {
  const session = await prisma.appSession.findUnique({ where: { tokenHash }, include: { user: true } })
  const now = Date.now()
  if (session === null || session.expiresAt.getTime() < now) return null
  if (session.lastSeenAt.getTime() < now - TOUCH_AFTER_MS)
    await prisma.appSession.updateMany({ where: { tokenHash }, data: { lastSeenAt: new Date(now) } })
  const { id: userId, churchId, role, email, displayName } = session.user
  return { userId, churchId, role, email, displayName }
}
