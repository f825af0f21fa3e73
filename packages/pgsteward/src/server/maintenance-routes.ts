// /api/v1/maintenance: jobs of a target, one of them with its attempts, and decisions.

import type { FastifyPluginAsync } from 'fastify'
import { z } from 'zod'
import type { Views } from '../app/views.ts'
import { approveFindingWire, decideJobWire, requestRewriteWire } from '../model/maintenance-wire.ts'
import { parse } from './parse-request.ts'

const targetQuery = z.object({ target: z.string() })

export const maintenanceRoutes: FastifyPluginAsync<{ views: Views }> = async (
  server,
  { views: { maintenance } },
) => {
  server.get('/', (request) => maintenance.all(parse(targetQuery, request.query).target))
  server.get('/jobs/:id', (request) => maintenance.one((request.params as { readonly id: string }).id))
  server.post('/approve', (request) => maintenance.approveFinding(parse(approveFindingWire, request.body)))
  server.post('/request', (request) => maintenance.request(parse(requestRewriteWire, request.body)))
  server.post('/jobs/:id/decide', (request) =>
    maintenance.decide((request.params as { readonly id: string }).id, parse(decideJobWire, request.body)),
  )
}
