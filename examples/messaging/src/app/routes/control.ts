// Switching faults while the application runs, and its counts of where reads were answered: from this machine only, and only with the
// token.

import { timingSafeEqual } from 'node:crypto'
import { json, type RequestHandler, Router } from 'express'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { APPLICATION_FAULTS, isFaultId, STORY_FAULTS } from '../faults.ts'
import { HttpError, notFound } from '../http-error.ts'
import { parse } from '../parse.ts'

const state = z.object({ on: z.boolean() })

export function controlRoutes({ faults }: Context, token: string): Router {
  const routes = Router()
  routes.use(onlyFromHere(token))

  routes.get('/', (_request, response) => {
    response.json(
      [...APPLICATION_FAULTS, ...STORY_FAULTS].map((fault) => ({ ...fault, on: faults.has(fault.id) })),
    )
  })

  routes.put('/:id', json(), (request, response) => {
    const id = String(request.params.id)
    if (!isFaultId(id)) throw notFound('fault')
    faults.set(id, parse(state, request.body).on)
    response.status(204).end()
  })

  return routes
}

export function countRoutes({ cache, reads }: Context, token: string): Router {
  const routes = Router()
  routes.use(onlyFromHere(token))
  routes.get('/', (_request, response) => {
    response.json({ cache: cache.counts(), reads: reads.counts() })
  })
  return routes
}

function onlyFromHere(token: string): RequestHandler {
  const expected = Buffer.from(`Bearer ${token}`)
  return (request, _response, next) => {
    const given = Buffer.from(request.headers.authorization ?? '')
    const isLoopback = /^(127\.|::1$|::ffff:127\.)/.test(request.socket.remoteAddress ?? '')
    if (!isLoopback || given.length !== expected.length || !timingSafeEqual(given, expected))
      throw new HttpError(403, 'not for you')
    next()
  }
}
