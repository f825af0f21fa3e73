// What is asked of one record: POST /:name/:request, the body by the schema of the request, with who asks.

import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { nearestName } from '../model/nearest-name.ts'
import { actorWire } from '../model/record-wire.ts'
import { HttpError } from './http-error.ts'
import { parse } from './parse-request.ts'

export function named(request: FastifyRequest): string {
  return (request.params as { readonly name: string }).name
}

const targetQuery = z.object({ target: z.string().optional() })

/** Those of `?target=`, all where it is not given. */
export function ofTarget<R extends { readonly targetId: string | null }>(
  request: FastifyRequest,
  records: readonly R[],
): R[] {
  const { target } = parse(targetQuery, request.query)
  return records.filter(({ targetId }) => target === undefined || targetId === target)
}

/** Throws 404 where a record of this kind takes no such request. */
export function requestOf<R extends string>(
  requests: Readonly<Record<R, z.ZodObject>>,
  request: FastifyRequest,
): { readonly name: string; readonly what: R; readonly body: object } {
  const { name, request: what } = request.params as { readonly name: string; readonly request: string }
  const known = Object.keys(requests)
  if (!known.includes(what)) {
    const nearest = nearestName(what, known)
    throw new HttpError(
      404,
      `there is no ${what} of a record like ${name}`,
      nearest === null ? `There are ${known.join(', ')}.` : `Did you mean ${nearest}?`,
    )
  }
  return {
    name,
    what: what as R,
    body: parse(requests[what as R].extend({ actor: actorWire }), request.body),
  }
}
