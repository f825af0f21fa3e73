import { beforeAll, expect, test } from 'vitest'
import { loadParser, type Parser } from '../sql/parse/parse-statements.ts'
import type { WantedIndex } from './index-migration.ts'
import { prismaMigrations } from './prisma-migrations.ts'
import { readPrismaModels } from './prisma-models.ts'
import { schemaIndexes } from './schema-indexes.ts'

let parse: Parser
beforeAll(async () => {
  parse = await loadParser()
})

const NOW = new Date('2026-11-22T10:45:00.700Z')

const wanted = (more: Partial<WantedIndex> = {}): WantedIndex => ({
  kind: 'create',
  schema: 'public',
  table: 'parcel',
  name: 'parcel_sent_at_idx',
  definition: '(sent_at desc)',
  because: ['Why; and\nhow.\u001b[31m'],
  ...more,
})

function write(schema: string, indexes: readonly WantedIndex[], existing: readonly string[] = []) {
  const files = [{ path: 'schema.prisma', text: schema }]
  const { models } = readPrismaModels(files)
  const declared = schemaIndexes(files, parse).indexes
  return prismaMigrations({ wanted: indexes, now: NOW, existing, declared, models, parse })
}

const MODEL =
  'model Parcel {\n id Int @id\n sentAt DateTime @map("sent_at")\n note String\n @@map("parcel")\n}'

test('X4: a comment stays one, whatever is in it', () => {
  const text = write(MODEL, [wanted()]).files[0]!.text
  expect(text.split('\n')[0]).toBe('-- Why, and how. [31m')
  expect(text.match(/;/g)).toHaveLength(1)
})

test.each<[definition: string, name: string, line: string | null]>([
  ['(sent_at desc)', 'parcel_sent_at_idx', '@@index([sentAt(sort: Desc)])'],
  ['(sent_at)', 'other', '@@index([sentAt], map: "other")'],
  ['(sent_at) include (note)', 'parcel_sent_at_note_idx', '@@index([sentAt, note])'],
  ['using gin (note gin_trgm_ops)', 'x', '@@index([note(ops: raw("gin_trgm_ops"))], type: Gin, map: "x")'],
  [
    'using brin (sent_at timestamptz_minmax_multi_ops)',
    'x',
    '@@index([sentAt(ops: TimestampTzMinMaxMultiOps)], type: Brin, map: "x")',
  ],
  ['(note text_pattern_ops)', 'parcel_note_idx', '@@index([note])'],
  ['(lower(note))', 'x', null],
  ["(sent_at) where note = 'x'", 'x', null],
  ['(no_field)', 'x', null],
])('X4: the line for %s as %s', (definition, name, line) => {
  const found = write(MODEL, [wanted({ definition, name })]).files[0]!.line
  expect(found.kind === 'line' ? found.text : null).toBe(line)
})

test('X4: folders follow each other, and those that are there', () => {
  const indexes = [wanted(), wanted({ name: 'b', definition: '(note)' })]
  const stamps = (existing: readonly string[]) =>
    write(MODEL, indexes, existing).files.map(({ path }) => path.slice(0, 14))
  expect(stamps(['20260101000000_x', 'migration_lock.toml'])).toEqual(['20261122104500', '20261122104501'])
  expect(stamps(['20261231235959_x'])).toEqual(['20270101000000', '20270101000001'])
})

test('X4: a schema is named where the project does so, or where nothing else would lead there', () => {
  const sqlOf = (schema: string, index: WantedIndex) =>
    /on (\S+) /.exec(write(schema, [index]).files[0]!.text.replace(/\s+/g, ' '))?.[1]
  expect(sqlOf(MODEL, wanted())).toBe('parcel')
  expect(sqlOf(MODEL, wanted({ schema: 'shop' }))).toBe('parcel')
  expect(sqlOf(MODEL.replace('@@map', '@@schema("shop")\n @@map'), wanted({ schema: 'shop' }))).toBe(
    'shop.parcel',
  )
  expect(sqlOf('', wanted({ schema: 'Shop' }))).toBe('"Shop".parcel')
})

test('X4: without a schema at hand the migration says that a line is needed', () => {
  const { files } = write('', [wanted()])
  expect(files[0]?.line).toEqual({ kind: 'no-schema' })
  expect(files[0]?.text).toContain("to the table's model in the schema")
})
