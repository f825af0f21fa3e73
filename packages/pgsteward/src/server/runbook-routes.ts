// /api/v1/runbooks: of a check, and filled with what a finding says.

import type { FastifyPluginAsync } from 'fastify'
import { z } from 'zod'
import type { Views } from '../app/views.ts'
import { parse } from './parse-request.ts'

const findingQuery = z.object({ target: z.string(), finding: z.string() })

export const runbookRoutes: FastifyPluginAsync<{ views: Views }> = async (
  server,
  { views: { runbooks } },
) => {
  server.get('/', (request) => {
    const { target, finding } = parse(findingQuery, request.query)
    return runbooks.ofFinding(target, finding)
  })
  server.get('/:check', (request) => runbooks.ofCheck((request.params as { readonly check: string }).check))
}
