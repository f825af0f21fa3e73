// /api/v1/records: records of all kinds as they are kept, for export and import (G7).

import type { FastifyPluginAsync } from 'fastify'
import { z } from 'zod'
import type { Views } from '../app/views.ts'
import { importWire, moment } from '../model/record-wire.ts'
import { parse } from './parse-request.ts'

const allQuery = z.object({ since: moment.optional() })
/** Two hundred records with long texts. */
const IMPORT_LIMIT_BYTES = 32 * 1024 * 1024

export const recordRoutes: FastifyPluginAsync<{ views: Views }> = async (server, { views }) => {
  const { records } = views.governance
  server.get('/', (request) => {
    const { since } = parse(allQuery, request.query)
    return records.all(since === undefined ? undefined : new Date(since))
  })
  server.post('/import', { bodyLimit: IMPORT_LIMIT_BYTES }, (request) =>
    records.import(parse(importWire, request.body).records),
  )
}
