// /api/v1/changes and /api/v1/meetings: what is to be changed, who decides, what came of it (G1).

import type { FastifyPluginAsync } from 'fastify'
import type { Views } from '../app/views.ts'
import {
  CHANGE_REQUESTS,
  type ChangeRequest,
  MEETING_REQUESTS,
  type MeetingRequest,
  openChangeWire,
  planMeetingWire,
} from '../model/change-wire.ts'
import { parse } from './parse-request.ts'
import { named, ofTarget, requestOf } from './record-request.ts'

interface ChangeOptions {
  readonly views: Views
}

export const changeRoutes: FastifyPluginAsync<ChangeOptions> = async (server, { views }) => {
  const { changes } = views.governance
  server.get('/', async (request) => {
    const { changes: all, ...more } = await changes.list()
    return { changes: ofTarget(request, all), ...more }
  })
  server.get('/:name', (request) => changes.one(named(request)))
  server.post('/', (request) => changes.open(parse(openChangeWire, request.body)))
  server.post('/:name/:request', (request) => {
    const { name, what, body } = requestOf<ChangeRequest>(CHANGE_REQUESTS, request)
    return changes.add(name, what, body as never)
  })
}

export const meetingRoutes: FastifyPluginAsync<ChangeOptions> = async (server, { views }) => {
  const { meetings } = views.governance
  server.get('/', () => meetings.list())
  server.get('/:name', (request) => meetings.one(named(request)))
  server.post('/', (request) => meetings.plan(parse(planMeetingWire, request.body)))
  server.post('/:name/:request', (request) => {
    const { name, what, body } = requestOf<MeetingRequest>(MEETING_REQUESTS, request)
    return meetings.add(name, what, body as never)
  })
}
