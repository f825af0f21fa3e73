// /api/v1/load: runs, baselines and comparisons; and where the command line reports a run, with the ingest token.

import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Views } from '../app/views.ts'
import { BASELINE_FORMAT, baselineSchema } from '../model/baseline.ts'
import { QUANTILES } from '../model/comparison.ts'
import { StewardError } from '../model/error.ts'
import { ALL_REQUESTS, loadRunSchema } from '../model/load-run.ts'
import { baselineRequestWire, momentsReportWire } from '../model/wire.ts'
import { parse } from './parse-request.ts'

/** A soak of hours with many endpoints has two; a baseline of twenty runs more. */
const MAX_RUN_BYTES = 8 * 2 ** 20
const MAX_BASELINE_BYTES = 32 * 2 ** 20
const MAX_MOMENTS_BYTES = 2 ** 20

const runsQuery = z.object({
  scenario: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(1000).optional(),
})
const seriesQuery = z.object({
  scenario: z.string(),
  series: z.string().prefault(ALL_REQUESTS),
  quantile: z.enum(QUANTILES).prefault('p95'),
})
const compareQuery = z.object({ base: z.string().min(1), head: z.string().min(1) })
/** It stands in addresses, and in lists of ids with commas between them. */
const runId = z.string().regex(/^[\w][\w.:@+-]{0,199}$/, 'letters, digits and . : @ + - _, up to 200')

export const loadRoutes: FastifyPluginAsync<{ views: Views }> = async (server, { views }) => {
  const { load } = views
  const idOf = (request: FastifyRequest) => (request.params as { readonly id: string }).id

  server.post('/runs/:id/moments', { bodyLimit: MAX_MOMENTS_BYTES }, async (request, reply) => {
    load.receiveMoments(parse(runId, idOf(request)), parse(momentsReportWire, request.body))
    return reply.code(202).send({})
  })
  server.post('/runs', { bodyLimit: MAX_RUN_BYTES }, async (request, reply) => {
    const run = parse(loadRunSchema.extend({ id: runId }), request.body)
    await load.receiveRun(run)
    return reply.code(201).send({ id: run.id, page: `/load/${encodeURIComponent(run.id)}` })
  })
  server.post('/baselines', { bodyLimit: MAX_BASELINE_BYTES }, async (request, reply) => {
    const isFile = (request.body as { readonly format?: unknown } | null)?.format === BASELINE_FORMAT
    const made = isFile
      ? await load.saveBaseline(parse(baselineSchema, request.body))
      : await load.createBaseline(parse(baselineRequestWire, request.body))
    return reply.code(201).send(made)
  })

  server.get('/runs', (request) => {
    const { scenario, limit } = parse(runsQuery, request.query)
    return load.runs({
      ...(scenario === undefined ? {} : { scenario }),
      ...(limit === undefined ? {} : { limit }),
    })
  })
  server.get('/runs/:id', (request) => load.run(idOf(request)))
  server.get('/runs/:id/file', async (request, reply) => {
    const run = await load.file(idOf(request))
    return reply
      .header('content-disposition', `attachment; filename="${run.id.replaceAll(/[^\w.-]/g, '-')}.json"`)
      .send(run)
  })
  server.get('/compare', (request) => {
    const { base, head } = parse(compareQuery, request.query)
    if (base === head)
      throw new StewardError('usage', 'a run cannot be compared with itself', {
        hint: 'Choose another base.',
      })
    return load.compare(base, head)
  })
  server.get('/series', (request) => {
    const { scenario, series, quantile } = parse(seriesQuery, request.query)
    return load.history(scenario, series, quantile)
  })
  server.get('/baselines', () => load.baselines())
}
