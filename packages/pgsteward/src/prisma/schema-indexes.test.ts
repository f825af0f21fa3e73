import { beforeAll, expect, test } from 'vitest'
import { definitionText } from '../sql/index-definition.ts'
import { loadParser, type Parser } from '../sql/parse/parse-statements.ts'
import { schemaIndexes } from './schema-indexes.ts'

let parse: Parser
beforeAll(async () => {
  parse = await loadParser()
})

function read(...texts: readonly string[]) {
  const files = texts.map((text, place) => ({ path: `${place + 1}.prisma`, text }))
  const { indexes, problems } = schemaIndexes(files, parse)
  return {
    indexes: indexes.map((index) => {
      const table = index.schema === null ? index.table : `${index.schema}.${index.table}`
      return `${index.name} on ${table} ${index.isUnique ? 'unique ' : ''}${definitionText(index)} ${index.declaredIn}`
    }),
    problems,
  }
}

// names as `prisma migrate diff --from-empty` of 7.10 gives them
test('X4: reads keys, unique constraints and indexes by fields, with the names that Prisma gives', () => {
  const { indexes, problems } = read(`
// model Commented { id Int @id }
model AVeryLongModelNameThatGoesOnAndOnAndOn {
  id Int @id
  someVeryLongColumnName Int
  anotherVeryLongColumnName Int @unique
  tags String[]
  doc Json   // "{ not a block"
  parts B[]
  note String? @default("a // b { }") @db.VarChar(80)

  @@unique([someVeryLongColumnName, anotherVeryLongColumnName])
  @@index([someVeryLongColumnName, anotherVeryLongColumnName(sort: Desc)])
  @@index([doc(ops: JsonbPathOps)], type: Gin)
  @@index([someVeryLongColumnName(ops: Int4MinMaxMultiOps)],
          type: Brin,
          map: "brin")
  @@index(fields: [note(ops: raw("gin_trgm_ops"))], type: Gin, map: "note trgm")
}
model B {
  id Int @map("b_id")
  kind Int
  wholes AVeryLongModelNameThatGoesOnAndOnAndOn[]
  @@id([id, kind])
  @@map("b_table")
  @@schema("shop")
}
enum Kind { A B }
view Seen { id Int @unique }`)
  expect(problems).toEqual([])
  expect(indexes).toEqual([
    'AVeryLongModelNameThatGoesOnAndOnAndOn_pkey on AVeryLongModelNameThatGoesOnAndOnAndOn unique (id) 1.prisma:4',
    'AVeryLongModelNameThatGoesOnAndOnAndOn_anotherVeryLongColum_key on AVeryLongModelNameThatGoesOnAndOnAndOn unique ("anotherVeryLongColumnName") 1.prisma:6',
    'AVeryLongModelNameThatGoesOnAndOnAndOn_someVeryLongColumnNa_key on AVeryLongModelNameThatGoesOnAndOnAndOn unique ("someVeryLongColumnName", "anotherVeryLongColumnName") 1.prisma:12',
    'AVeryLongModelNameThatGoesOnAndOnAndOn_someVeryLongColumnNa_idx on AVeryLongModelNameThatGoesOnAndOnAndOn ("someVeryLongColumnName", "anotherVeryLongColumnName" desc) 1.prisma:13',
    'AVeryLongModelNameThatGoesOnAndOnAndOn_doc_idx on AVeryLongModelNameThatGoesOnAndOnAndOn using gin (doc jsonb_path_ops) 1.prisma:14',
    'brin on AVeryLongModelNameThatGoesOnAndOnAndOn using brin ("someVeryLongColumnName" int4_minmax_multi_ops) 1.prisma:15',
    'note trgm on AVeryLongModelNameThatGoesOnAndOnAndOn using gin (note gin_trgm_ops) 1.prisma:18',
    'b_table_pkey on shop.b_table unique (b_id, kind) 1.prisma:24',
    '_AVeryLongModelNameThatGoesOnAndOnAndOnToB_AB_pkey on _AVeryLongModelNameThatGoesOnAndOnAndOnToB unique ("A", "B") 1.prisma:9',
    '_AVeryLongModelNameThatGoesOnAndOnAndOnToB_B_index on _AVeryLongModelNameThatGoesOnAndOnAndOnToB ("B") 1.prisma:9',
  ])
})

test('reads several files as one, relations across them, and a relation of a model with itself', () => {
  const { indexes } = read(
    'model User { id Int @id\n  friends User[] @relation("Friends")\n friendOf User[] @relation("Friends")\n posts Post[] }',
    'model Post { id Int @id\n authorId Int @map("author_id")\n author User @relation(fields: [authorId], references: [id])\n @@index([authorId]) }',
  )
  expect(indexes).toContain('Post_author_id_idx on Post (author_id) 2.prisma:4')
  expect(indexes).toContain('_Friends_B_index on _Friends ("B") 1.prisma:2')
  expect(indexes.filter((index) => index.startsWith('_'))).toHaveLength(2)
})

test('reads conditions of partial indexes in either form', () => {
  const { indexes, problems } = read(`model M {
  id Int @id
  state String
  deletedAt DateTime? @map("deleted_at")
  @@index([state], where: raw("deleted_at IS NULL"), map: "one")
  @@index([state], where: { deletedAt: null, state: { not: "GONE" } }, map: "two")
  @@index([state], where: soon(), map: "three")
}`)
  expect(indexes.slice(1)).toEqual([
    'one on M (state) where deleted_at is null 1.prisma:5',
    "two on M (state) where (deleted_at is null) and (state <> 'GONE') 1.prisma:6",
    'three on M (state) 1.prisma:7',
  ])
  expect(problems).toEqual([{ where: '1.prisma:7', because: expect.stringContaining('soon()') }])
})

test('names a field that is not there, and goes on; a text that is no schema declares nothing', () => {
  const { indexes, problems } = read('model M {\n id Int @id\n @@index([gone])\n @@index([id])\n}')
  expect(indexes).toHaveLength(2)
  expect(problems).toEqual([{ where: '1.prisma:3', because: 'model M has no field gone' }])
  expect(read('model M {\n id Int @id @@@ (((', '}{', 'select 1').indexes).toHaveLength(1)
})
