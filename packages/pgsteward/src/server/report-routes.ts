// /api/v1/reports: those that were made, as data and as files to keep, and one to be made now: kept, or as a draft.

import type { FastifyPluginAsync } from 'fastify'
import { z } from 'zod'
import type { Views } from '../app/views.ts'
import { REPORT_KINDS } from '../model/report.ts'
import { reportRequestWire } from '../model/report-request.ts'
import { makeReportWire } from '../model/report-wire.ts'
import { parse } from './parse-request.ts'

const listQuery = z.object({
  target: z.string(),
  kind: z.enum(REPORT_KINDS).optional(),
  limit: z.coerce.number().int().min(1).max(1000).prefault(200),
})
const oneParams = z.object({ kind: z.enum(REPORT_KINDS), name: z.string() })
const oneQuery = z.object({
  target: z.string(),
  format: z.enum(['json', 'md', 'html']).prefault('json'),
})

const TYPES = { md: 'text/markdown; charset=utf-8', html: 'text/html; charset=utf-8' } as const

export const reportRoutes: FastifyPluginAsync<{ views: Views }> = async (server, { views: { reports } }) => {
  server.get('/', (request) => {
    const { target, kind, limit } = parse(listQuery, request.query)
    return reports.list({ targetId: target, limit, ...(kind === undefined ? {} : { kind }) })
  })
  server.get('/:kind/:name', async (request, reply) => {
    const { kind, name } = parse(oneParams, request.params)
    const { target, format } = parse(oneQuery, request.query)
    const id = { targetId: target, kind, name }
    if (format === 'json') return reports.one(id)
    const file = `${target}-${kind}-${name}`.replace(/[^\w.-]/g, '_')
    // kept, never opened in this origin: the names in it are anybody's
    return reply
      .header('content-type', TYPES[format])
      .header('content-disposition', `attachment; filename="${file}.${format}"`)
      .send(await reports.file(id, format))
  })
  server.post('/draft', (request) => reports.draft(parse(reportRequestWire, request.body)))
  server.post('/', async (request, reply) => {
    const { targetId, kind, name } = await reports.make(parse(makeReportWire, request.body))
    return reply
      .code(201)
      .send({ targetId, kind, name, page: `/reports/${kind}/${encodeURIComponent(name)}` })
  })
}
