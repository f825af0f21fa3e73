import { expect, test } from 'vitest'
import { parseRecent, withChosen } from './recent.ts'

const one = (id: string) => ({ kind: 'table' as const, id, title: id, detail: '' })

test('the latest stands first, each once, eight of them', () => {
  let recent = parseRecent(null)
  for (const id of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'a']) recent = withChosen(recent, one(id))
  expect(recent.map(({ id }) => id).join('')).toBe('aihgfedc')
  expect(parseRecent(JSON.stringify(recent))).toEqual(recent)
})

test.each(['', 'not JSON', '{}', 'null', '[1, null, {"kind": "table"}, {"kind": "toString", "id": "x"}]'])(
  'what was kept as %s is nothing',
  (text) => {
    expect(parseRecent(text)).toEqual([])
  },
)
