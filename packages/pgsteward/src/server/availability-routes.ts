// /api/v1/availability: probes, uptime, error budgets and outages of one target.

import type { FastifyPluginAsync } from 'fastify'
import { z } from 'zod'
import type { Views } from '../app/views.ts'
import { duration } from '../model/units.ts'
import { parse } from './parse-request.ts'

const HOUR_MS = 3_600_000
const YEAR_MS = 366 * 24 * HOUR_MS

const availabilityQuery = z.object({
  target: z.string(),
  /** Another window of uptime, such as 14d. */
  window: duration()
    .refine((ms) => ms >= HOUR_MS && ms <= YEAR_MS, 'between 1h and 366d')
    .optional(),
})

export const availabilityRoutes: FastifyPluginAsync<{ views: Views }> = async (
  server,
  { views: { availability } },
) => {
  server.get('/', (request) => {
    const { target, window } = parse(availabilityQuery, request.query)
    return availability.all(target, window)
  })
}
