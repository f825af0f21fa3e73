// /api/v1/optimizations: records from a finding to its measured result, and what people add to them.

import type { FastifyPluginAsync } from 'fastify'
import { z } from 'zod'
import type { Views } from '../app/views.ts'
import { amendOptimizationWire } from '../model/optimization-wire.ts'
import { parse } from './parse-request.ts'

const listQuery = z.object({ target: z.string().optional() })

export const optimizationRoutes: FastifyPluginAsync<{ views: Views }> = async (
  server,
  { views: { optimizations } },
) => {
  const nameOf = (params: unknown) => (params as { readonly name: string }).name
  server.get('/', (request) => optimizations.all(parse(listQuery, request.query).target))
  server.get('/:name', (request) => optimizations.one(nameOf(request.params)))
  server.post('/:name/amend', (request) =>
    optimizations.amend(nameOf(request.params), parse(amendOptimizationWire, request.body)),
  )
}
