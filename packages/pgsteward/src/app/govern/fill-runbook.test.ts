// What a finding puts into a runbook, and how it is quoted there.

import { expect, test } from 'vitest'
import { openFinding } from '../../../test/notify/alert-rows.ts'
import { fillRunbook } from './fill-runbook.ts'

const sql = (text: string) => `\`\`\`sql\n${text}\n\`\`\`\n`
const hostile = openFinding({
  key: "x:table/shop/public/it's",
  subject: { kind: 'table', database: 'shop', schema: 'public', name: `a"b'; drop table c; --` },
  evidence: [
    { label: 'kept', value: 3 * 1024 ** 3, unit: 'bytes' },
    { label: 'identifier', value: "g'x" },
    { label: 'says', value: 'a\n```\n# b <img> [c](d)' },
  ],
  remedy: { sql: ['vacuum a'], undo: ['select 1'], lock: 'none', caution: 'Slow\nhere.' },
})

test('without a finding it reads as it would to anybody', () => {
  expect(fillRunbook('{{name|The slot}} keeps {{evidence:kept|much}}, {{remedy|}}.', null)).toBe(
    'The slot keeps much, .',
  )
})

test('names are quoted for where they stand', () => {
  expect(fillRunbook(sql('vacuum {{table|t}}; select {{table.literal|x}}::regclass'), hostile)).toBe(
    sql(`vacuum public."a""b'; drop table c; --"; select 'public."a""b''; drop table c; --"'::regclass`),
  )
  expect(fillRunbook(sql('rollback prepared {{evidence.literal:identifier|x}}'), hostile)).toBe(
    sql("rollback prepared 'g''x'"),
  )
  expect(fillRunbook('```sh\nrun {{key.shell|KEY}}\n```\n', hostile)).toBe(
    "```sh\nrun 'x:table/shop/public/it'\\''s'\n```\n",
  )
})

test('what is not quoted never gets into a block of code', () => {
  expect(fillRunbook(sql('select {{name|1}}, {{evidence:identifier|2}}, {{remedy|3}}'), hostile)).toBe(
    sql('select 1, 2, 3'),
  )
})

test('text of a target stays on its line and opens nothing', () => {
  expect(fillRunbook('It says {{evidence:says|nothing}}.', hostile)).toBe("It says `a ''' # b <img> [c](d)`.")
  expect(fillRunbook('{{evidence:kept|much}}', hostile)).toBe('3 GB')
})

test('a session by its pid, a statement by its id, and nothing else in their place', () => {
  const of = (subject: Parameters<typeof openFinding>[0] & object) =>
    fillRunbook(sql('{{pid|0}} {{queryId|1}}'), openFinding(subject))
  expect(of({ subject: { kind: 'backend', name: '4711@2026-11-20T10:00:00.000Z' } })).toBe(sql('4711 1'))
  expect(of({ subject: { kind: 'backend', name: "prepared x'; --" } })).toBe(sql('0 1'))
  expect(of({ subject: { kind: 'query', database: 'shop', queryId: '-42' } })).toBe(sql('0 -42'))
  expect(of({ subject: { kind: 'query', database: 'shop', queryId: '1; drop' } })).toBe(sql('0 1'))
})

test('the remedy stands as statements, with what undoes it and the caution', () => {
  expect(fillRunbook('{{remedy|none}}', hostile)).toBe(
    '```sql\nvacuum a;\n```\n\nSlow here.\n\nUndone by:\n\n```sql\nselect 1;\n```',
  )
  expect(fillRunbook('{{remedy|none}}', openFinding())).toBe('none')
})
