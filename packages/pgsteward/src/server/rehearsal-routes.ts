// /api/v1/rehearsals: checklists of a release that are run and timed (G2).

import type { FastifyPluginAsync } from 'fastify'
import type { Views } from '../app/views.ts'
import { REHEARSAL_REQUESTS, type RehearsalRequest, startRehearsalWire } from '../model/rehearsal-wire.ts'
import { parse } from './parse-request.ts'
import { named, ofTarget, requestOf } from './record-request.ts'

export const rehearsalRoutes: FastifyPluginAsync<{ views: Views }> = async (server, { views }) => {
  const { rehearsals } = views.governance
  server.get('/', async (request) => ofTarget(request, await rehearsals.list()))
  server.get('/:name', (request) => rehearsals.one(named(request)))
  server.post('/', (request) => rehearsals.start(parse(startRehearsalWire, request.body)))
  server.post('/:name/:request', (request) => {
    const { name, what, body } = requestOf<RehearsalRequest>(REHEARSAL_REQUESTS, request)
    return rehearsals.add(name, what, body as never)
  })
}
