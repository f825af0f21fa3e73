// Fastify 5: `app.register(fastifyPlugin)`, before the routes. Written without types of Fastify, so that nothing depends on it.

import type { IncomingMessage, ServerResponse } from 'node:http'
import { getRecorder } from '../current-recorder.ts'
import { runInRequest } from '../record/request-context.ts'
import { bindBody } from './bind-body.ts'
import { traceparentOf } from './traceparent-of.ts'

interface FastifyRequest {
  readonly raw: IncomingMessage
  readonly is404: boolean
  readonly routeOptions: { readonly url?: string | undefined }
}

interface FastifyReply {
  readonly raw: ServerResponse
}

type Hook = (request: FastifyRequest, reply: FastifyReply, done: () => void) => void

interface FastifyInstance {
  // biome-ignore lint/suspicious/noExplicitAny: Fastify's own overloads differ by the hook's name
  addHook(name: any, hook: any): unknown
}

const onRequest: Hook = (request, reply, done) => {
  const recorder = getRecorder()
  if (recorder === null) {
    done()
    return
  }
  const { method, headers } = request.raw
  const context = recorder.beginRequest(method ?? 'GET', traceparentOf(headers))
  context.route = request.is404 ? null : (request.routeOptions.url ?? null)
  // not the hook onResponse: it stays away when the client does
  reply.raw.once('close', () => {
    recorder.endRequest(context, context.route, reply.raw.headersSent ? reply.raw.statusCode : 0)
  })
  bindBody(request.raw, context)
  runInRequest(context, done)
}

function plugin(instance: FastifyInstance, _options: unknown, done: () => void): void {
  instance.addHook('onRequest', onRequest)
  done()
}

/** Hooks of the whole instance, not only of a plugin's own context. Does nothing before startInstrument and after its stop. */
export const fastifyPlugin: typeof plugin = Object.assign(plugin, {
  [Symbol.for('skip-override')]: true,
  [Symbol.for('fastify.display-name')]: '@pgsteward/instrument',
  [Symbol.for('plugin-meta')]: { name: '@pgsteward/instrument', fastify: '5.x' },
})
