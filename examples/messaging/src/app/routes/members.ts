// The members of a church.

import { Router } from 'express'
import { z } from 'zod'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { decode, PAGE, page } from '../cursor.ts'
import { notFound } from '../http-error.ts'
import { key, parse, phone, withId } from '../parse.ts'
import { requireRole, staff } from '../sessions.ts'

const name = z.string().trim().min(1).max(100)
const member = z.object({
  firstName: name,
  lastName: name,
  phone,
  email: z.email().max(200).nullish(),
  optedOut: z.boolean().optional(),
})
const listQuery = z.object({ after: z.string().optional(), search: z.string().max(100).optional() })
const sortKey = z.tuple([z.string(), z.string(), key])

export function memberRoutes({ prisma, reads }: Context): Router {
  const routes = Router()

  routes.get('/', async (request, response) => {
    const { churchId } = staff(response)
    const { after, search } = parse(listQuery, request.query)
    await reads.answer(response, async ({ prisma }) => {
      const members = await prisma.member.findMany({
        where: { churchId, AND: [afterCursor(after), search ? { lastName: { startsWith: search } } : {}] },
        orderBy: [{ lastName: 'asc' }, { firstName: 'asc' }, { id: 'asc' }],
        take: PAGE + 1,
      })
      return page(members, ({ lastName, firstName, id }) => [lastName, firstName, id])
    })
  })

  routes.get('/:id', async (request, response) => {
    const { churchId } = staff(response)
    const { id } = parse(withId, request.params)
    await reads.answer(response, async ({ prisma }) => {
      const found = await prisma.member.findFirst({
        where: { id, churchId },
        include: {
          groups: { include: { group: true } },
          conversations: { orderBy: { id: 'desc' }, take: 10 },
          assessments: { orderBy: { id: 'desc' }, take: 10 },
          received: { orderBy: { id: 'desc' }, take: 10 },
        },
      })
      if (found === null) throw notFound('member')
      return found
    })
  })

  routes.post('/', async (request, response) => {
    const who = staff(response)
    const { email = null, optedOut = false, ...data } = parse(member, request.body)
    const created = await prisma.$transaction(async (transaction) => {
      const row = await transaction.member.create({
        data: { ...data, email, optedOut, churchId: who.churchId, joinedOn: new Date() },
      })
      await audit(transaction, who, 'created', 'member', row.id)
      return row
    })
    response.status(201).json(created)
  })

  routes.patch('/:id', async (request, response) => {
    const who = staff(response)
    const { id } = parse(withId, request.params)
    const changes = parse(member.partial(), request.body)
    // undefined means: leave it; Prisma reads it so, its types under exactOptionalPropertyTypes do not
    const data = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined))
    await prisma.$transaction(async (transaction) => {
      const { count } = await transaction.member.updateMany({ where: { id, churchId: who.churchId }, data })
      if (count === 0) throw notFound('member')
      await audit(transaction, who, 'updated', 'member', id, { fields: Object.keys(data) })
    })
    response.status(204).end()
  })

  routes.delete('/:id', requireRole('OWNER', 'ADMIN'), async (request, response) => {
    const who = staff(response)
    const { id } = parse(withId, request.params)
    await prisma.$transaction(async (transaction) => {
      const { count } = await transaction.member.deleteMany({ where: { id, churchId: who.churchId } })
      if (count === 0) throw notFound('member')
      await audit(transaction, who, 'deleted', 'member', id)
    })
    response.status(204).end()
  })

  return routes
}

/** The condition for members behind a cursor, by name. Its first part is what an index can start from. */
function afterCursor(after: string | undefined) {
  if (after === undefined) return {}
  const [lastName, firstName, id] = decode(sortKey, after)
  return {
    lastName: { gte: lastName },
    OR: [
      { lastName: { gt: lastName } },
      { lastName, firstName: { gt: firstName } },
      { lastName, firstName, id: { gt: id } },
    ],
  }
}
