// Assessments of members: their answers, and a file of evidence for each answer.

import { randomUUID } from 'node:crypto'
import { Router } from 'express'
import { z } from 'zod'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { before, PAGE, page } from '../cursor.ts'
import { HttpError, notFound } from '../http-error.ts'
import { key, parse, withId } from '../parse.ts'
import { staff } from '../sessions.ts'

const listQuery = z.object({
  before: z.string().optional(),
  status: z.enum(['NOT_STARTED', 'IN_PROGRESS', 'COMPLETED', 'ARCHIVED']).default('IN_PROGRESS'),
})
const assessment = z.object({ memberId: key, title: z.string().trim().min(1).max(200) })
const answer = z.object({ value: z.int().min(0).max(10), remark: z.string().max(1000).nullish() })
const question = z.object({ id: key, number: z.coerce.number().int().min(1).max(50) })
const completion = z.object({ score: z.int().min(0).max(100) })
const upload = z.object({
  'content-type': z.enum(['application/pdf', 'image/jpeg', 'image/png']),
  'x-file-name': z.string().trim().min(1).max(200),
})

export function assessmentRoutes({ prisma, reads, evidence }: Context): Router {
  const routes = Router()

  const own = async (churchId: number, id: bigint) => {
    const found = await prisma.assessment.findFirst({ where: { id, churchId } })
    if (found === null) throw notFound('assessment')
    return found
  }

  routes.get('/', async (request, response) => {
    const { churchId } = staff(response)
    const { before: cursor, status } = parse(listQuery, request.query)
    await reads.answer(
      response,
      async ({ prisma }) => {
        const rows = await prisma.assessment.findMany({
          where: { churchId, status, ...before(cursor, 'createdAt') },
          orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
          take: PAGE + 1,
        })
        return page(rows, ({ createdAt, id }) => [createdAt, id])
      },
      cursor === undefined ? `assessments ${status}` : undefined,
    )
  })

  routes.post('/', async (request, response) => {
    const who = staff(response)
    const { memberId, title } = parse(assessment, request.body)
    const member = await prisma.member.findFirst({ where: { id: memberId, churchId: who.churchId } })
    if (member === null) throw notFound('member')
    const created = await prisma.assessment.create({ data: { churchId: who.churchId, memberId, title } })
    await audit(prisma, who, 'created', 'assessment', created.id)
    response.status(201).json(created)
  })

  routes.get('/:id', async (request, response) => {
    const { churchId } = staff(response)
    const { id } = parse(withId, request.params)
    await reads.answer(response, async ({ prisma }) => {
      const found = await prisma.assessment.findFirst({
        where: { id, churchId },
        include: { answers: { orderBy: { questionNumber: 'asc' }, include: { evidence: true } } },
      })
      if (found === null) throw notFound('assessment')
      return found
    })
  })

  routes.put('/:id/answers/:number', async (request, response) => {
    const { churchId } = staff(response)
    const { id, number: questionNumber } = parse(question, request.params)
    const { value, remark = null } = parse(answer, request.body)
    const { status } = await own(churchId, id)
    if (status === 'COMPLETED' || status === 'ARCHIVED')
      throw new HttpError(409, 'the assessment is completed')
    const assessmentId_questionNumber = { assessmentId: id, questionNumber }
    const saved = await prisma.answer.upsert({
      where: { assessmentId_questionNumber },
      create: { ...assessmentId_questionNumber, value, remark },
      update: { value, remark, answeredAt: new Date() },
    })
    if (status === 'NOT_STARTED')
      await prisma.assessment.updateMany({ where: { id, churchId }, data: { status: 'IN_PROGRESS' } })
    response.json(saved)
  })

  routes.delete('/:id/answers/:number', async (request, response) => {
    const { churchId } = staff(response)
    const { id, number } = parse(question, request.params)
    await own(churchId, id)
    const found = await prisma.answer.findFirst({
      where: { assessmentId: id, questionNumber: number },
      include: { evidence: { select: { id: true } } },
    })
    if (found === null) throw notFound('answer')
    await prisma.answer.deleteMany({ where: { id: found.id } })
    await Promise.all(found.evidence.map((file) => evidence.remove(file.id)))
    response.status(204).end()
  })

  routes.post('/:id/complete', async (request, response) => {
    const who = staff(response)
    const { id } = parse(withId, request.params)
    const { score } = parse(completion, request.body)
    await prisma.$transaction(async (transaction) => {
      const { count } = await transaction.assessment.updateMany({
        where: { id, churchId: who.churchId, status: 'IN_PROGRESS' },
        data: { status: 'COMPLETED', score, completedAt: new Date() },
      })
      if (count === 0) throw notFound('assessment in progress')
      await audit(transaction, who, 'completed', 'assessment', id, { score })
    })
    response.status(204).end()
  })

  routes.post('/:id/answers/:number/evidence', async (request, response) => {
    const { churchId } = staff(response)
    const { id, number } = parse(question, request.params)
    const { 'content-type': contentType, 'x-file-name': fileName } = parse(upload, request.headers)
    await own(churchId, id)
    const found = await prisma.answer.findFirst({ where: { assessmentId: id, questionNumber: number } })
    if (found === null) throw notFound('answer')
    const fileId = randomUUID()
    const sizeBytes = await evidence.save(fileId, request)
    try {
      const row = await prisma.evidenceFile.create({
        data: {
          id: fileId,
          answerId: found.id,
          churchId,
          fileName,
          contentType,
          sizeBytes: BigInt(sizeBytes),
        },
      })
      response.status(201).json(row)
    } catch (error) {
      await evidence.remove(fileId)
      throw error
    }
  })

  return routes
}
