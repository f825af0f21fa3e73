// An application as users write it, on the compiled package and in plain JavaScript: Express and Fastify, pg and Prisma. The test
// finds lines by their comments (`// line: NAME`). Sends what it has on each message, and ends when the test hangs up.

import { createRequire } from 'node:module'
import { PrismaPg } from '@prisma/adapter-pg'
import express from 'express'
import fastify from 'fastify'
import pg from 'pg'
import { debugRoutes, healthHandler, instrumentPg, startInstrument } from '../../dist/index.js'
import { expressMiddleware } from '../../dist/listen/express.js'
import { fastifyPlugin } from '../../dist/listen/fastify.js'
import { prismaComments, prismaExtension } from '../../dist/listen/prisma.js'

const instrument = startInstrument({ slowQueryMs: 40, repeatsFrom: 5, exportEveryMs: 3_600_000 })
instrumentPg(pg)

const connectionString = process.env.DATABASE_URL
const pool = new pg.Pool({ connectionString, max: 2 })
const { PrismaClient } = createRequire(import.meta.url)(process.env.PRISMA_CLIENT)
const adapter = new PrismaPg({ connectionString, max: 2 })
const prisma = new PrismaClient({ adapter, comments: [prismaComments()] }).$extends(prismaExtension())

const app = express()
app.use(expressMiddleware())
app.use(debugRoutes().express)
const routes = express.Router()

async function memberById(id) {
  const { rows } = await pool.query('select id, name from member where id = $1', [id]) // line: pg
  return rows[0]
}

routes.get('/members/:id', async (request, response) => response.json(await memberById(request.params.id)))
routes.get('/slow', async (_, response) => {
  const sql = `select id, name, pg_sleep(0.06) from member where name = $1 and 'literal-4711' <> ''`
  const { rowCount } = await pool.query(sql, ['member 7']) // line: slow
  response.json({ rowCount })
})
routes.get('/repeated', async (_, response) => {
  const names = []
  for (let id = 1; id <= 12; id++) names.push((await memberById(id)).name)
  response.json(names)
})
routes.get('/model/:id', async (request, response) => {
  const member = await prisma.member.findFirst({ where: { id: Number(request.params.id) } }) // line: findFirst
  response.json(member)
})
routes.get('/model-repeated', async (_, response) => {
  const churches = []
  for (let id = 1; id <= 12; id++) {
    churches.push(await prisma.church.findUnique({ where: { id }, include: { members: true } })) // line: findUnique
  }
  response.json(churches.length)
})
routes.get('/model-slow', async (_, response) => {
  await prisma.$queryRaw`select pg_sleep(0.06)::text`
  response.end()
})
routes.get('/failing', async (_, response) => {
  await pool.query('select * from no_such_table').catch(() => {})
  response.status(500).end()
})
routes.get('/delivery', async (_, response) => {
  await instrument.metrics.timeAsync('carrier.send', async () => {}) // line: timeAsync
  instrument.metrics.recordDelivery({ channel: 'sms', durationMs: 12, delivered: false })
  response.end()
})
app.use('/api/:tenant', routes)
app.get('/health', healthHandler({ checks: { database: () => pool.query('select 1') } }))

const other = fastify()
await other.register(fastifyPlugin)
other.get('/members/:id', async ({ params }) => memberById(params.id))
other.post('/members/:id', async ({ params, body }) => ({ ...body, ...(await memberById(params.id)) }))

const server = app.listen(0, '127.0.0.1', async () => {
  await other.listen({ port: 0, host: '127.0.0.1' })
  process.send({ express: server.address().port, fastify: other.server.address().port })
})

process.on('message', async () => {
  await instrument.flush()
  process.send('flushed')
})

process.on('disconnect', async () => {
  server.close()
  server.closeAllConnections()
  await other.close()
  await prisma.$disconnect()
  await pool.end()
  await instrument.stop()
})
