import { expect, test } from 'vitest'
import { before, PAGE, page } from './cursor.ts'

const rows = Array.from({ length: PAGE + 1 }, (_, index) => ({
  id: BigInt(100 - index),
  at: new Date(1000 - index),
}))
const keyOf = ({ at, id }: (typeof rows)[number]) => [at, id]

test('one row more than a page means that there is a next one, and its cursor is the last row shown', () => {
  const first = page(rows, keyOf)
  expect(first.rows).toHaveLength(PAGE)
  const last = rows[PAGE - 1]!
  expect(before(first.next!, 'at')).toEqual({
    at: { lte: last.at },
    OR: [{ at: { lt: last.at } }, { id: { lt: last.id } }],
  })
})

test('a page that is not full is the last', () => {
  expect(page(rows.slice(0, PAGE), keyOf).next).toBeNull()
  expect(page([], keyOf)).toEqual({ rows: [], next: null })
})

test.each(['', 'x', Buffer.from('[1,2]').toString('base64url'), Buffer.from('{').toString('base64url')])(
  'the cursor %j is refused',
  (cursor) => {
    expect(() => before(cursor, 'at')).toThrow('not one of ours')
  },
)
