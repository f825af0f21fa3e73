import { createRequire } from 'node:module'
import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createDatabase, type TestDatabase } from '../../../pgsteward/test/postgres/database.ts'
import { generatePrismaClient, TABLES } from '../../test/prisma-client.ts'
import { startRecording, stopRecording } from '../../test/recording.ts'
import type { Recorder } from '../record/recorder.ts'
import { runInRequest } from '../record/request-context.ts'
import { instrumentPg } from './pg.ts'
import { prismaComments, prismaExtension } from './prisma.ts'

let database: TestDatabase
// biome-ignore lint/suspicious/noExplicitAny: generated, so that its types are not known here
let prisma: any
let undo: () => void
let recorder: Recorder

beforeAll(async () => {
  database = await createDatabase()
  await database.run(...TABLES)
  const { PrismaClient } = createRequire(import.meta.url)(await generatePrismaClient())
  const adapter = new PrismaPg({ connectionString: database.url, max: 2 })
  prisma = new PrismaClient({ adapter, comments: [prismaComments()] }).$extends(prismaExtension())
  undo = instrumentPg(pg)
})
afterAll(async () => {
  undo?.()
  await prisma?.$disconnect()
  await database?.drop()
})
beforeEach(() => {
  recorder = startRecording({ caller: 'always' })
})
afterEach(stopRecording)

/** 40 wait for two connections. */
const PATIENT = { maxWait: 60_000, timeout: 60_000 }

/** `Model.action` of each statement of the tables, without order. */
function operations(): readonly string[] {
  return recorder
    .drain(Date.now())
    .queries.filter(({ operation }) => ['SELECT', 'INSERT', 'UPDATE', 'DELETE'].includes(operation))
    .flatMap(({ model, action, duration }) => Array(duration.count).fill(`${model}.${action}`))
    .toSorted()
}

describe('actions are called as the application calls them', () => {
  const cases: readonly [string, () => Promise<unknown>][] = [
    ['Member.findUnique', () => prisma.member.findUnique({ where: { id: 1 } })],
    ['Member.findFirst', () => prisma.member.findFirst({ where: { name: 'x' } })],
    ['Member.findMany', () => prisma.member.findMany({ take: 2 })],
    ['Member.count', () => prisma.member.count()],
    ['Member.aggregate', () => prisma.member.aggregate({ _max: { id: true } })],
    ['Member.groupBy', () => prisma.member.groupBy({ by: ['churchId'], _count: true })],
    ['Member.create', () => prisma.member.create({ data: { name: 'new', churchId: 1 } })],
    ['Member.createMany', () => prisma.member.createMany({ data: [{ name: 'new', churchId: 1 }] })],
    ['Member.update', () => prisma.member.update({ where: { id: 2 }, data: { name: 'changed' } })],
    ['Member.updateMany', () => prisma.member.updateMany({ where: { id: 2 }, data: { name: 'changed' } })],
    ['Member.deleteMany', () => prisma.member.deleteMany({ where: { id: -1 } })],
    ['null.$queryRaw', () => prisma.$queryRaw`select 1 from member limit 1`],
    ['null.$executeRaw', () => prisma.$executeRaw`update member set name = name where id = -1`],
  ]
  test.each(cases)('%s', async (name, run) => {
    await run()
    expect(new Set(operations())).toEqual(new Set([name]))
  })
})

test('120 operations of 40 requests at a time over two connections: none is told wrong (I2)', async () => {
  await Promise.all(
    Array.from({ length: 40 }, async (_, n) => {
      const context = recorder.beginRequest('GET')
      await runInRequest(context, async () => {
        await prisma.member.findFirst({ where: { id: n + 1 }, include: { church: true } })
        await prisma.$transaction(async (tx: typeof prisma) => {
          await tx.church.count()
          await tx.member.update({ where: { id: n + 1 }, data: { name: `name ${n}` } })
        }, PATIENT)
      })
      recorder.endRequest(context, `/route/${n}`, 200)
    }),
  )
  const { queries, requests } = recorder.drain(Date.now())
  expect(requests.length).toBe(40)
  const told = queries.filter(({ model }) => model !== null)
  expect(told.every(({ route }) => /^GET \/route\/\d+$/.test(route ?? ''))).toBe(true)
  const wrong = told.filter(
    ({ model, action, collection }) =>
      !(
        (model === 'Church' && action === 'count' && collection === 'church') ||
        (model === 'Member' && action === 'update' && collection === 'member') ||
        // the second statement of an include is on another table, and belongs to the operation that asked
        (model === 'Member' && action === 'findFirst' && ['member', 'church'].includes(collection ?? ''))
      ),
  )
  expect(wrong).toEqual([])
  const untold = queries.filter(({ model, operation }) => model === null && operation === 'SELECT')
  expect(untold).toEqual([])
})

test('a $transaction of a list tells each operation by its own name', async () => {
  await prisma.$transaction([
    prisma.church.count(),
    prisma.member.count(),
    prisma.member.updateMany({ where: { id: -1 }, data: { name: 'x' } }),
  ])
  expect(operations()).toEqual(['Church.count', 'Member.count', 'Member.updateMany'])
})

test('many findUnique at once become one statement, told once', async () => {
  await Promise.all([1, 2, 3].map((id) => prisma.church.findUnique({ where: { id } })))
  expect(operations()).toEqual(['Church.findUnique'])
})

test('the line that called is told; where two call the same at once, none rather than a wrong one', async () => {
  await prisma.member.findFirst({ where: { id: 3 } })
  const [alone] = recorder.drain(Date.now()).queries.filter(({ model }) => model === 'Member')
  expect(alone!.caller?.file).toContain('prisma.pg.test.ts')

  const first = prisma.member.findMany({ take: 1 }).then((rows: unknown) => rows)
  const second = prisma.member.findMany({ take: 1, where: { id: 5 } }).then((rows: unknown) => rows)
  await Promise.all([first, second])
  const told = recorder.drain(Date.now()).queries.filter(({ model }) => model === 'Member')
  expect(told.length).toBeGreaterThan(0)
  for (const { caller } of told) expect(caller).toBeNull()
})

test('errors pass through as Prisma throws them, and count', async () => {
  await expect(prisma.member.create({ data: { name: 'x', churchId: 9999 } })).rejects.toMatchObject({
    code: 'P2003',
  })
  expect(
    recorder.drain(Date.now()).queries.some(({ errors, model }) => errors === 1 && model === 'Member'),
  ).toBe(true)
})

test('nothing changes in what is sent: no comment is added', async () => {
  await prisma.member.findFirst({ where: { id: 4 } })
  const [query] = recorder.drain(Date.now()).queries
  expect(query!.text).not.toContain('/*')
})
