// /api/v1/alerts: what people are told, and what they answer.

import type { FastifyPluginAsync } from 'fastify'
import { z } from 'zod'
import type { Views } from '../app/views.ts'
import {
  acknowledgeRequestWire,
  actorWire,
  silenceRequestWire,
  testRequestWire,
} from '../model/alert-wire.ts'
import { parse } from './parse-request.ts'

const alertsQuery = z.object({ target: z.string().optional() })

export const alertRoutes: FastifyPluginAsync<{ views: Views }> = async (server, { views: { alerts } }) => {
  server.get('/', (request) => alerts.all(parse(alertsQuery, request.query).target))
  server.post('/acknowledge', (request) => alerts.acknowledge(parse(acknowledgeRequestWire, request.body)))
  server.post('/silences', async (request, reply) =>
    reply.code(201).send(await alerts.silence(parse(silenceRequestWire, request.body))),
  )
  server.post('/silences/:id/end', async (request) => {
    const { id } = request.params as { readonly id: string }
    await alerts.endSilence(id, parse(actorWire, request.body ?? {}).actor)
    return {}
  })
  server.post('/test', (request) => alerts.test(parse(testRequestWire, request.body).channel))
}
