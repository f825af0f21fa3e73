import { expect, test } from 'vitest'
import type { StatementTextRow } from '../facts/statement-texts.ts'
import type { StatementRow } from '../facts/statements.ts'
import type { KnownText } from './server-readings.ts'
import { StatementTexts } from './statement-texts.ts'

const entry = (user: string, queryId: string, totalExecMs = 1) =>
  ({ user, userId: `id of ${user}`, queryId, totalExecMs }) as StatementRow
const text = (user: string, queryId: string, sql: string): StatementTextRow => ({
  queryId,
  userId: `id of ${user}`,
  text: sql,
  characters: sql.length,
})
const idsOf = (rows: readonly { readonly queryId: string }[]) => rows.map((row) => row.queryId)

test('a text is asked for once', () => {
  const texts = new StatementTexts()
  const rows = [entry('app', '1'), entry('app', '2')]
  expect(texts.unknownOf(rows, 'monitor')).toEqual(['1', '2'])
  texts.learn([text('app', '1', 'select 1')])
  expect(texts.unknownOf(rows, 'monitor')).toEqual(['2'])
})

test('a statement that ran once is asked for when reading texts is due again, and given up when its text is gone by then', () => {
  const texts = new StatementTexts()
  expect(texts.unknownOf([entry('app', 'once')], 'monitor')).toEqual(['once'])
  expect(texts.unknownOf([entry('app', 'later', 0.5)], 'monitor')).toEqual(['once', 'later'])
  texts.wasAsked(['once', 'later'])
  texts.learn([text('app', 'later', 'select 2')])
  expect(texts.unknownOf([], 'monitor')).toEqual([])
  expect(texts.unknownOf([entry('app', 'once')], 'monitor')).toEqual(['once'])
})

test('what others have learnt of the server is not asked for', () => {
  const [one, other] = [new StatementTexts(), new StatementTexts()]
  const told = new Map<string, KnownText>()
  one.learn(
    [text('app', '1', 'select 1'), text('monitor', '2', 'select /* pgsteward:wal */ 1')],
    null,
    (key, each) => told.set(key, each),
  )
  const rows = [entry('app', '1'), entry('monitor', '2'), entry('app', '3')]
  other.adopt(rows, (key) => told.get(key))
  expect(other.unknownOf(rows, 'monitor')).toEqual(['3'])
  expect(idsOf(other.split(rows, 'monitor').own)).toEqual(['2'])
  expect([...other.takeFresh().keys()]).toEqual(['1'])
})

test('those of our own role come first, then the costliest, at most 1,000 in a round', () => {
  const texts = new StatementTexts()
  const others = Array.from({ length: 2_000 }, (_, i) => entry('app', `${i}`, i))
  const unknown = texts.unknownOf([...others, entry('monitor', 'ours')], 'monitor')
  expect(unknown).toHaveLength(1_000)
  expect(unknown.slice(0, 2)).toEqual(['ours', '1999'])
})

test('own statements are set apart, and withheld while their text is not known', () => {
  const texts = new StatementTexts()
  const rows = [entry('app', '1'), entry('monitor', '2'), entry('monitor', '3'), entry('monitor', '4')]
  texts.learn([
    text('monitor', '2', 'select /* pgsteward:wal */ 1'),
    text('monitor', '3', 'select * from pg_stat_activity'),
  ])
  const { others, own } = texts.split(rows, 'monitor')
  expect(idsOf(others)).toEqual(['1', '3'])
  expect(idsOf(own)).toEqual(['2'])
})

test('the same query id run by someone else is not ours', () => {
  const texts = new StatementTexts()
  texts.learn([text('monitor', '2', 'select /* pgsteward:wal */ 1'), text('app', '2', 'select 1')])
  const { others, own } = texts.split([entry('app', '2'), entry('monitor', '2')], 'monitor')
  expect([others.length, own.length]).toEqual([1, 1])
})

test('checks see the first 1,000 characters, the store gets the first 10,000 once, and neither ours', () => {
  const texts = new StatementTexts()
  const long = { ...text('app', '1', `select ${'x'.repeat(9_993)}`), characters: 50_000 }
  texts.learn([long, text('monitor', '2', 'select /* pgsteward:wal */ 1')])
  const [shown] = texts.shown([entry('app', '1')])
  expect(shown).toMatchObject({ characters: 50_000, text: long.text.slice(0, 1_000) })
  expect([...texts.takeFresh().values()]).toEqual([long])
  expect(texts.takeFresh().size).toBe(0)
})

test('what is remembered is bounded: the least recently seen goes first', () => {
  const texts = new StatementTexts()
  const sight = (from: number, to: number) => {
    const ids = Array.from({ length: to - from }, (_, i) => `${from + i}`)
    texts.learn(ids.map((id) => text('app', id, `select ${id}`)))
  }
  sight(0, 10_000)
  texts.split([entry('app', '0')], 'monitor')
  sight(10_000, 10_001)
  expect(texts.unknownOf([entry('app', '0'), entry('app', '1'), entry('app', '2')], 'monitor')).toEqual(['1'])
})
