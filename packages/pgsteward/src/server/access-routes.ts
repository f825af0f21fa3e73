// /api/admin: tokens, sessions and the audit log. An admin's alone, on loopback too.

import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import type { AccessDesk } from '../app/access/access-desk.ts'
import type { AuditDesk } from '../app/access/audit-desk.ts'
import { auditQueryWire, newTokenWire } from '../model/access-wire.ts'
import { parse } from './parse-request.ts'

interface AccessRoutesOptions {
  readonly access: AccessDesk
  readonly audit: AuditDesk
  readonly adminToken: string
}

/** The admin token on loopback says nothing of who uses it. */
const by = ({ identity }: FastifyRequest) => identity?.actor ?? 'admin'

export const accessRoutes: FastifyPluginAsync<AccessRoutesOptions> = async (
  server,
  { access, audit, adminToken },
) => {
  server.get('/tokens', () => access.tokens())
  server.post('/tokens', async (request, reply) =>
    reply.code(201).send(await access.create(parse(newTokenWire, request.body), by(request))),
  )
  server.post('/tokens/:name/revoke', (request) =>
    access.revoke((request.params as { readonly name: string }).name, by(request)),
  )
  server.get('/sessions', () => access.sessions(adminToken))
  server.post('/sessions/:id/end', async (request) => {
    await access.end((request.params as { readonly id: string }).id)
    return {}
  })
  server.get('/audit', (request) => audit.entries(parse(auditQueryWire, request.query)))
}
