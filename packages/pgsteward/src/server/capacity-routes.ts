// /api/v1/capacity: a target's plan, and the same as a workbook and as CSV to keep.

import type { FastifyPluginAsync } from 'fastify'
import { z } from 'zod'
import type { Views } from '../app/views.ts'
import { capacityCsv } from '../report/capacity/capacity-csv.ts'
import { capacityWorkbook } from '../report/capacity/workbook.ts'
import { writeXlsx } from '../report/capacity/write-xlsx.ts'
import { parse } from './parse-request.ts'

const capacityQuery = z.object({
  target: z.string(),
  /** How many times as many users. */
  users: z.coerce.number().positive().max(10_000).optional(),
})

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

export const capacityRoutes: FastifyPluginAsync<{ views: Views }> = async (
  server,
  { views: { capacity } },
) => {
  const planOf = (query: unknown) => {
    const { target, users } = parse(capacityQuery, query)
    return capacity.plan(target, users)
  }
  // ids of targets are letters, digits, dot, dash and underscore
  const named = (targetId: string, ending: string) => `attachment; filename="capacity-${targetId}.${ending}"`

  server.get('/', (request) => planOf(request.query))
  server.get('/xlsx', async (request, reply) => {
    const plan = await planOf(request.query)
    const bytes = await writeXlsx(capacityWorkbook(plan))
    return reply
      .header('content-type', XLSX)
      .header('content-disposition', named(plan.targetId, 'xlsx'))
      .send(Buffer.from(bytes))
  })
  server.get('/csv', async (request, reply) => {
    const plan = await planOf(request.query)
    return reply
      .header('content-type', 'text/csv; charset=utf-8')
      .header('content-disposition', named(plan.targetId, 'csv'))
      .send(capacityCsv(plan))
  })
}
