// /api/v1/reviews: reviews after a launch (G5), and with the board's meetings as a calendar to subscribe to.

import type { FastifyPluginAsync } from 'fastify'
import { z } from 'zod'
import type { Views } from '../app/views.ts'
import { openReviewWire, REVIEW_REQUESTS, type ReviewRequest } from '../model/review-wire.ts'
import { parse } from './parse-request.ts'
import { named, ofTarget, requestOf } from './record-request.ts'

export const REVIEW_CALENDAR_PATH = '/api/v1/reviews/calendar.ics'

const calendarQuery = z.object({ target: z.string().optional() })

export const reviewRoutes: FastifyPluginAsync<{ views: Views }> = async (server, { views }) => {
  const { reviews } = views.governance
  server.get('/', async (request) => ofTarget(request, await reviews.list()))
  server.get('/calendar.ics', async (request, reply) =>
    reply
      .type('text/calendar; charset=utf-8')
      .send(await views.governance.calendar(parse(calendarQuery, request.query).target ?? null)),
  )
  server.get('/:name', (request) => reviews.one(named(request)))
  server.post('/', (request) => reviews.open(parse(openReviewWire, request.body)))
  server.post('/:name/:request', (request) => {
    const { name, what, body } = requestOf<ReviewRequest>(REVIEW_REQUESTS, request)
    return reviews.add(name, what, body as never)
  })
}
