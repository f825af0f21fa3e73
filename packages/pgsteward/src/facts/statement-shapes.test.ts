import { expect, test } from 'vitest'
import { memoryOf } from '../../test/application/memory.ts'
import { tableColumnsRow } from '../../test/rows.ts'
import { keyUseOf } from '../sql/partition/key-use.ts'
import { statementShapes } from './statement-shapes.ts'

const CATALOG = {
  'table-columns': [tableColumnsRow({ columns: { id: 'bigint', sent_at: 'timestamp with time zone' } })],
}
const statement = (text: string, queryId = '1') => ({ queryId, database: 'app', text, totalExecMs: 10 })
const read = (remembered: Parameters<typeof memoryOf>[0]) =>
  statementShapes.read(memoryOf(remembered), 'shop', new Date('2026-05-31'))

test('statements are resolved against the columns that are known, with the ages in their texts', async () => {
  const shapes = await read({
    documents: CATALOG,
    statements: [statement(`delete from parcel where sent_at < now() - interval '30 days'`)],
  })
  expect(shapes).toMatchObject([
    { id: '1', execMs: 10, ages: [{ column: 'sent_at', bound: 'upper', days: 30 }] },
  ])
  expect(keyUseOf(shapes![0]!, { schema: 'public', name: 'parcel' }, 'sent_at')).toBe('bounded')
})

test('what is cut off is left out, and without a catalog nothing is told', async () => {
  const statements = [statement('select * from parcel where'), statement('select 1 from parcel', '2')]
  expect((await read({ documents: CATALOG, statements }))?.map(({ id }) => id)).toEqual(['2'])
  expect(await read({ statements })).toEqual([])
})
