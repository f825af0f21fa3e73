// The built dashboard: its page for all of its addresses, its assets by their hash, each as the build has compressed it.

import { existsSync } from 'node:fs'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'

/** `dir` null, or nothing built there: whoever asks is told where the API is. */
export async function dashboardFiles(server: FastifyInstance, dir: string | null): Promise<void> {
  const isBuilt = dir !== null && existsSync(`${dir}/index.html`)
  if (isBuilt)
    await server.register(fastifyStatic, {
      root: dir,
      index: ['index.html'],
      // the build writes .br and .gz beside each text (packages/dashboard/vite.config.ts)
      preCompressed: true,
      // the page names its assets by their hash: it is asked for each time, they never
      cacheControl: false,
      setHeaders: (response, path) =>
        response.header(
          'cache-control',
          path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
        ),
    })
  server.setNotFoundHandler((request, reply) => {
    const isPage =
      request.method === 'GET' &&
      !request.url.startsWith('/api/') &&
      (request.headers.accept ?? '').includes('text/html')
    // the dashboard's own addresses: its router takes over from the one page
    if (isBuilt && isPage) return reply.header('cache-control', 'no-cache').sendFile('index.html')
    return reply.code(404).send({
      error: {
        code: 'request',
        message: `there is nothing at ${request.url}`,
        hint: 'The API lives under /api/v1.',
      },
    })
  })
}
