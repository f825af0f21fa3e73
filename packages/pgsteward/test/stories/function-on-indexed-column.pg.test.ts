import { afterAll, beforeAll, expect, test } from 'vitest'
import { functionOnIndexedColumn } from '../../src/checks/query/function-on-indexed-column.ts'
import { adviceStory } from '../postgres/advice-story.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { applyRemedy, findingsOf, undoRemedy } from '../postgres/story.ts'

const [create, index, vacuum, search] = reproductionOf('function-on-indexed-column')
let database: TestDatabase

beforeAll(async () => {
  database = await createDatabase()
  await database.run('create extension pg_stat_statements', create!, index!, vacuum!)
})
afterAll(() => database.drop())

const findings = (statement: string, times = 8) =>
  findingsOf(functionOnIndexedColumn, database, {
    between: () => database.run(...Array.from({ length: times }, () => statement)),
  })

test('a function on an indexed column is found, quiet with its remedy, found again after its undo (A4)', async () => {
  const [finding, ...others] = await findings(search!)
  expect(others).toEqual([])
  expect(finding).toMatchObject({ subject: { kind: 'query', database: database.name } })
  await applyRemedy(finding!, database)
  expect(await findings(search!)).toEqual([])
  await undoRemedy(finding!, database)
  expect(await findings(search!)).toHaveLength(1)
})

test('a day by a cast is found, and quiet as a range', async () => {
  const day = (condition: string) => `select id from "Parcel Nö" where ${condition}`
  expect(await findings(day("sent_at::date = '2026-01-05'"))).toMatchObject([
    { evidence: expect.arrayContaining([expect.objectContaining({ label: 'write it as' })]) },
  ])
  expect(await findings(day("sent_at >= '2026-01-05'::date and sent_at < '2026-01-05'::date + 1"))).toEqual(
    [],
  )
})

test('the bare column is quiet, and so is a function where another index serves', async () => {
  expect(await findings(`select id from "Parcel Nö" where email::varchar = 'Name7@example.org'`)).toEqual([])
  expect(await findings(`select id from "Parcel Nö" where email = 'NAME7@EXAMPLE.ORG'`)).toEqual([])
  expect(
    await findings(`select id from "Parcel Nö" where id = 7 and lower(email) = 'name7@example.org'`),
  ).toEqual([])
})

test('with an advice made, the finding shows the whole statement as the twin has proven it', async () => {
  const story = await adviceStory(functionOnIndexedColumn)
  const day = `select id from "Parcel Nö" where date(sent_at) = '2026-01-05' and id > 0`
  const searches = () => story.database.run(...Array.from({ length: 8 }, () => day))
  try {
    await story.database.run(create!, index!, vacuum!)
    await searches()
    await story.judge()
    await story.seek()
    await searches()
    await story.database.flushStatistics()
    const { findings: found } = await story.judge()
    expect(found).toMatchObject([
      {
        evidence: expect.arrayContaining([
          {
            label: 'Rewrite',
            value:
              'select id from "Parcel Nö" where (sent_at >= $1::date and sent_at < $1::date + 1) and id > $2',
            unit: 'text',
          },
        ]),
      },
    ])
  } finally {
    await story.end()
  }
}, 240_000)
