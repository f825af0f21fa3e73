// /mcp: the Model Context Protocol over Streamable HTTP. A session belongs to the token that began it, and ends when it is not used.

import { randomUUID } from 'node:crypto'
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import type { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { Views } from '../app/views.ts'
import { auditCall } from '../mcp/audit-call.ts'
import { CallBudget } from '../mcp/call-budget.ts'
import type { McpCall } from '../mcp/call-tool.ts'
import { MCP_SCOPES, type McpGrant } from '../model/mcp-scope.ts'
import { HttpError } from './http-error.ts'
import { ownerOf } from './mcp-grant.ts'

export interface McpRoutesOptions {
  readonly views: Views
  /** Of the request's token; null: it has none that is known. */
  readonly grantOf: (request: FastifyRequest) => Promise<McpGrant | null>
  readonly mayComeFrom: (origin: string) => boolean
  readonly callsPerMinute: number
  readonly version: string
  readonly onCall: (call: McpCall) => void
  /** A call that could not be kept in the audit log is answered all the same. */
  readonly onTrouble: (error: Error) => void
  readonly now: () => Date
}

/** Of one token: an agent has one; a forgetful client must not fill the memory. */
const MOST_SESSIONS = 10
/** A person who comes back from lunch goes on. After that the client begins another by itself. */
const IDLE_MS = 4 * 3_600_000
const LOOK_EVERY_MS = 60_000
/** A migration of 100,000 characters, escaped. */
const MAX_BODY_BYTES = 512 * 1024

interface Session {
  readonly mcp: McpServer
  readonly transport: StreamableHTTPServerTransport
  readonly owner: string
  usedAt: number
  /** Where its last request came from, for the audit log. */
  address: string
}

export const mcpRoutes: FastifyPluginAsync<McpRoutesOptions> = async (server, options) => {
  const { views, grantOf, mayComeFrom, version, onCall, onTrouble, now } = options
  const sessions = new Map<string, Session>()
  const budget = new CallBudget(options.callsPerMinute, now)
  const grants = new WeakMap<FastifyRequest, McpGrant>()

  const end = async (id: string) => {
    const session = sessions.get(id)
    sessions.delete(id)
    await session?.mcp.close().catch(() => undefined)
  }
  const look = setInterval(() => {
    for (const [id, { usedAt }] of sessions) if (now().getTime() - usedAt > IDLE_MS) void end(id)
  }, LOOK_EVERY_MS)
  look.unref()
  server.addHook('preClose', async () => {
    clearInterval(look)
    await Promise.all([...sessions.keys()].map(end))
  })

  // before the body is read: who may not ask costs nothing
  server.addHook('onRequest', async (request, reply) => {
    const { origin } = request.headers
    if (origin !== undefined && !mayComeFrom(origin))
      throw new HttpError(403, 'requests of other sites are refused', 'Use an MCP client, not a web page.')
    const grant = await grantOf(request)
    if (grant === null) {
      reply.header('www-authenticate', 'Bearer realm="pgsteward"')
      throw new HttpError(
        401,
        'this needs a token',
        'Send it as the header Authorization: Bearer TOKEN: one of `pgsteward token create`, or of mcp.tokens.',
      )
    }
    grants.set(request, grant)
  })

  const begin = async (grant: McpGrant, owner: string, address: string): Promise<Session> => {
    const own = [...sessions].filter(([, each]) => each.owner === owner)
    // the one that was not used for longest gives way
    if (own.length >= MOST_SESSIONS) await end(own.toSorted(([, a], [, b]) => a.usedAt - b.usedAt)[0]![0])
    // some 20 MB that a server which nobody asks does without
    const [{ StreamableHTTPServerTransport }, { createMcpServer }] = await Promise.all([
      import('@modelcontextprotocol/sdk/server/streamableHttp.js'),
      import('../mcp/create-mcp-server.ts'),
    ])
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => {
        sessions.set(id, session)
      },
      onsessionclosed: (id) => {
        sessions.delete(id)
      },
      maxRequestBodySize: MAX_BODY_BYTES,
    })
    const mcp = createMcpServer({
      views,
      grant,
      version,
      now,
      onCall: async (call) => {
        onCall(call)
        const from = { address: session.address, path: '/mcp' }
        await auditCall(views.audit, call, grant, from).catch(onTrouble)
      },
      delay: (each) => budget.take(each),
    })
    const session: Session = { mcp, transport, owner, usedAt: now().getTime(), address }
    await mcp.connect(transport)
    return session
  }

  const handle = async (request: FastifyRequest, reply: FastifyReply) => {
    const grant = grants.get(request)!
    // of what the token may, not of what the session asked for: that is its own choice
    const owner = ownerOf(grant)
    const id = request.headers['mcp-session-id']
    const known = typeof id === 'string' ? sessions.get(id) : undefined
    // of another token's session it is not told that it is there
    const own = known?.owner === owner ? known : undefined
    if (id !== undefined && own === undefined) return sessionGone(reply)
    const session =
      own ??
      (isBeginning(request.body) ? await begin(narrowed(grant, request.query), owner, request.ip) : undefined)
    if (session === undefined)
      throw new HttpError(
        400,
        'this begins no session',
        'Send initialize first, and then its Mcp-Session-Id.',
      )
    session.usedAt = now().getTime()
    session.address = request.ip
    reply.hijack()
    for (const [name, value] of Object.entries(reply.getHeaders()))
      if (value !== undefined) reply.raw.setHeader(name, value)
    await session.transport.handleRequest(request.raw, reply.raw, request.body)
    return reply
  }
  server.route({ method: ['GET', 'POST', 'DELETE'], url: '/mcp', bodyLimit: MAX_BODY_BYTES, handler: handle })
}

function isBeginning(body: unknown): boolean {
  return (body as { readonly method?: unknown } | null | undefined)?.method === 'initialize'
}

/** As the protocol says it, so that clients begin anew. */
function sessionGone(reply: FastifyReply): FastifyReply {
  return reply
    .code(404)
    .send({ jsonrpc: '2.0', error: { code: -32001, message: 'Session not found' }, id: null })
}

/** `?scopes=read,explain`: a session may ask for less than its token may. */
function narrowed(grant: McpGrant, query: unknown): McpGrant {
  const { scopes } = query as { readonly scopes?: unknown }
  if (typeof scopes !== 'string') return grant
  const wanted = scopes.split(',')
  const unknown = wanted.find((each) => !MCP_SCOPES.some((scope) => scope === each))
  if (unknown !== undefined)
    throw new HttpError(400, `there is no scope "${unknown}"`, `There are ${MCP_SCOPES.join(', ')}.`)
  return { ...grant, scopes: new Set([...grant.scopes].filter((scope) => wanted.includes(scope))) }
}
