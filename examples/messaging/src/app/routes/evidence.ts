// The files of evidence: the latest of a church, fetching one, and removing one.

import { pipeline } from 'node:stream/promises'
import { Router } from 'express'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { PAGE } from '../cursor.ts'
import { notFound } from '../http-error.ts'
import { parse } from '../parse.ts'
import { staff } from '../sessions.ts'

const withUuid = z.object({ id: z.uuid() })

export function evidenceRoutes({ prisma, reads, evidence }: Context): Router {
  const routes = Router()

  const own = async (churchId: number, id: string) => {
    const found = await prisma.evidenceFile.findFirst({ where: { id, churchId } })
    if (found === null) throw notFound('file')
    return found
  }

  routes.get('/', async (_request, response) => {
    const { churchId } = staff(response)
    await reads.answer(response, async ({ prisma }) => {
      const rows = await prisma.evidenceFile.findMany({
        where: { churchId },
        orderBy: { uploadedAt: 'desc' },
        take: PAGE,
      })
      return { rows, next: null }
    })
  })

  routes.get('/:id', async (request, response) => {
    const { id } = parse(withUuid, request.params)
    const { fileName, contentType } = await own(staff(response).churchId, id)
    response.set({
      'Content-Type': contentType,
      // never shown in place: a file of a stranger must not run in our origin
      'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(fileName)}`,
      'X-Content-Type-Options': 'nosniff',
    })
    await pipeline(evidence.open(id), response).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') throw notFound('file')
      throw error
    })
  })

  routes.delete('/:id', async (request, response) => {
    const { churchId } = staff(response)
    const { id } = parse(withUuid, request.params)
    const { count } = await prisma.evidenceFile.deleteMany({ where: { id, churchId } })
    if (count === 0) throw notFound('file')
    await evidence.remove(id)
    response.status(204).end()
  })

  return routes
}
