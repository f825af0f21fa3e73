// /api/v1/on-call: who is on call, shifts, overrides, hand-offs, and the same as a calendar to subscribe to.

import type { FastifyPluginAsync } from 'fastify'
import { z } from 'zod'
import type { Views } from '../app/views.ts'
import {
  handOffAcknowledgeWire,
  handOffRequestWire,
  overrideRequestWire,
  withdrawRequestWire,
} from '../model/on-call-wire.ts'
import { parse } from './parse-request.ts'

export const CALENDAR_PATH = '/api/v1/on-call/calendar.ics'

const at = z.iso.datetime().transform((text) => new Date(text))
const windowQuery = z.object({ from: at.optional(), until: at.optional() })
const calendarQuery = z.object({ person: z.string().optional() })

interface Named {
  readonly id: string
}

export const onCallRoutes: FastifyPluginAsync<{ views: Views }> = async (server, { views: { onCall } }) => {
  server.get('/', (request) => {
    const { from, until } = parse(windowQuery, request.query)
    return onCall.all(from ?? null, until ?? null)
  })
  server.get('/now', () => onCall.now())
  server.get('/calendar.ics', async (request, reply) =>
    reply
      .type('text/calendar; charset=utf-8')
      .send(await onCall.calendar(parse(calendarQuery, request.query).person ?? null)),
  )
  server.post('/overrides', async (request, reply) =>
    reply.code(201).send(await onCall.override(parse(overrideRequestWire, request.body))),
  )
  server.post('/overrides/:id/withdraw', (request) =>
    onCall.withdraw((request.params as Named).id, parse(withdrawRequestWire, request.body ?? {})),
  )
  server.get('/hand-off', () => onCall.handOffDraft())
  server.post('/hand-offs', async (request, reply) =>
    reply.code(201).send(await onCall.handOff(parse(handOffRequestWire, request.body ?? {}))),
  )
  server.post('/hand-offs/:id/acknowledge', (request) =>
    onCall.acknowledge((request.params as Named).id, parse(handOffAcknowledgeWire, request.body ?? {})),
  )
}
