// /api/v1/practice: times of incidents, changes that held, reviews, optimizations.

import type { FastifyPluginAsync } from 'fastify'
import { z } from 'zod'
import type { Views } from '../app/views.ts'
import { duration } from '../model/units.ts'
import { parse } from './parse-request.ts'

const practiceQuery = z.object({ target: z.string().optional(), range: duration().prefault('90d') })

export const practiceRoutes: FastifyPluginAsync<{ views: Views }> = async (
  server,
  { views: { practice } },
) => {
  server.get('/', (request) => {
    const { target, range } = parse(practiceQuery, request.query)
    return practice.over(target, range)
  })
}
