// Groups of members: who broadcasts go to.

import { Router } from 'express'
import { z } from 'zod'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { notFound } from '../http-error.ts'
import { key, parse, withId } from '../parse.ts'
import type { Source } from '../reads.ts'
import { staff } from '../sessions.ts'

const group = z.object({ name: z.string().trim().min(1).max(100) })
const membership = z.object({ id: key, memberId: key })
const MOST = 200

export function groupRoutes({ prisma, reads }: Context): Router {
  const routes = Router()

  const own = async (churchId: number, id: bigint, from: Pick<Source, 'prisma'> = { prisma }) => {
    const found = await from.prisma.memberGroup.findFirst({ where: { id, churchId } })
    if (found === null) throw notFound('group')
    return found
  }

  routes.get('/', async (_request, response) => {
    const { churchId } = staff(response)
    await reads.answer(response, ({ prisma }) =>
      prisma.memberGroup.findMany({ where: { churchId }, orderBy: { name: 'asc' }, take: MOST }),
    )
  })

  routes.post('/', async (request, response) => {
    const who = staff(response)
    const { name } = parse(group, request.body)
    const created = await prisma.memberGroup.create({ data: { churchId: who.churchId, name } })
    await audit(prisma, who, 'created', 'member_group', created.id)
    response.status(201).json(created)
  })

  routes.get('/:id', async (request, response) => {
    const { churchId } = staff(response)
    const { id } = parse(withId, request.params)
    await reads.answer(response, async (from) => {
      const found = await own(churchId, id, from)
      const [members, messages] = await Promise.all([
        from.prisma.groupMembership.findMany({
          where: { memberGroupId: id },
          include: { member: true },
          orderBy: { memberId: 'asc' },
          take: MOST,
        }),
        from.prisma.message.findMany({ where: { memberGroupId: id }, orderBy: { id: 'desc' }, take: 10 }),
      ])
      return { ...found, members: members.map(({ member }) => member), messages }
    })
  })

  routes.put('/:id/members/:memberId', async (request, response) => {
    const { churchId } = staff(response)
    const { id, memberId } = parse(membership, request.params)
    await own(churchId, id)
    const member = await prisma.member.findFirst({ where: { id: memberId, churchId } })
    if (member === null) throw notFound('member')
    await prisma.groupMembership.createMany({ data: [{ memberGroupId: id, memberId }], skipDuplicates: true })
    response.status(204).end()
  })

  routes.delete('/:id/members/:memberId', async (request, response) => {
    const { churchId } = staff(response)
    const { id, memberId } = parse(membership, request.params)
    await own(churchId, id)
    const { count } = await prisma.groupMembership.deleteMany({ where: { memberGroupId: id, memberId } })
    if (count === 0) throw notFound('membership')
    response.status(204).end()
  })

  return routes
}
