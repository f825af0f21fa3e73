// Paths that others are configured with, and that therefore never change: health, Prometheus metrics, live metrics.

import type { FastifyPluginAsync } from 'fastify'
import type { Views } from '../app/views.ts'

export const fixedRoutes: FastifyPluginAsync<{ views: Views }> = async (server, { views }) => {
  server.get('/health', async ({ identity }, reply) => {
    const health = await views.health()
    const { status } = health
    return reply.code(status === 'ok' ? 200 : 503).send(identity === null ? { status } : health)
  })
  server.get('/metrics', async (_request, reply) =>
    reply.type('text/plain; version=0.0.4; charset=utf-8').send(await views.prometheus()),
  )
  server.get('/api/admin/performance-metrics', () => views.performanceMetrics())
}
