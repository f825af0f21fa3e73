// /api/v1/targets/:target/search: anything of a target by name, id, words or who sends it.

import type { FastifyPluginAsync } from 'fastify'
import { z } from 'zod'
import type { Views } from '../app/views.ts'
import { LONGEST_SEARCH } from '../model/search-wire.ts'
import { parse } from './parse-request.ts'

const MOST_HITS = 100

const searchQuery = z.object({
  q: z
    .string()
    .max(
      LONGEST_SEARCH,
      `at most ${LONGEST_SEARCH} letters are looked for; a few words find more than a whole text`,
    )
    .default(''),
  limit: z.coerce.number().int().min(1).max(MOST_HITS).default(30),
})

/** Somebody who types fast asks ten times a second for a moment. Beyond loopback, of each token or session. */
const SEARCHES_PER_MINUTE = 300

export const searchRoutes: FastifyPluginAsync<{ views: Views }> = async (server, { views }) => {
  server.get(
    '/targets/:target/search',
    { config: { rateLimit: { max: SEARCHES_PER_MINUTE, timeWindow: 60_000 } } },
    ({ params, query, identity }) => {
      const { q, limit } = parse(searchQuery, query)
      const { target } = params as { readonly target: string }
      return views.search.find(target, q, { limit, seesAll: (identity?.targets ?? null) === null })
    },
  )
}
