// /api/v1/incidents: their list, one with its timeline, and what people add.

import type { FastifyPluginAsync } from 'fastify'
import { z } from 'zod'
import type { Views } from '../app/views.ts'
import { incidentEntryWire, openIncidentWire } from '../model/incident-wire.ts'
import { parse } from './parse-request.ts'

const listQuery = z.object({ target: z.string().optional() })

export const incidentRoutes: FastifyPluginAsync<{ views: Views }> = async (
  server,
  { views: { incidents } },
) => {
  const nameOf = (params: unknown) => (params as { readonly name: string }).name
  server.get('/', (request) => incidents.all(parse(listQuery, request.query).target))
  server.post('/', async (request, reply) =>
    reply.code(201).send(await incidents.open(parse(openIncidentWire, request.body))),
  )
  server.get('/:name', (request) => incidents.one(nameOf(request.params)))
  server.post('/:name/entries', (request) =>
    incidents.add(nameOf(request.params), parse(incidentEntryWire, request.body)),
  )
}
