// The text of a migration that makes or drops one index. One statement a migration: PostgreSQL runs a script of several in one
// transaction, where CONCURRENTLY fails, and Prisma sends a migration as one script.

import type { IndexDefinition } from '../sql/index-definition.ts'
import { ident } from '../sql/quote.ts'
import type { SchemaLine } from './schema-line.ts'

export interface WantedIndex {
  readonly kind: 'create' | 'drop'
  readonly schema: string
  readonly table: string
  readonly name: string
  /** create: `(church_id, sent_at desc)`, with USING, INCLUDE and WHERE. drop: as it is now, where that is known, for the undo. */
  readonly definition: string | null
  /** Why, a line each. */
  readonly because: readonly string[]
}

export interface MigrationParts {
  readonly folder: string
  /** Whether the project names schemas; else the search path leads. */
  readonly isQualified: boolean
  readonly line: SchemaLine
  /** drop: where schema.prisma declares it. */
  readonly declaredIn: readonly string[]
}

export type ParsedIndex = IndexDefinition & { readonly name: string }

export function migrationText(index: WantedIndex, parts: MigrationParts): string {
  const lines = index.kind === 'create' ? createLines(index, parts) : dropLines(index, parts)
  const sql =
    index.kind === 'create' ? createSql(index, parts.isQualified) : dropSql(index, parts.isQualified)
  return `${lines.map(commentLine).join('\n')}\n\n${sql};\n`
}

export function createSql(index: WantedIndex, isQualified: boolean): string {
  return `create index concurrently if not exists ${ident(index.name)}\n    on ${tableSql(index, isQualified)} ${index.definition ?? ''}`
}

/** An index is found by the schema of its table. */
export function dropSql(index: WantedIndex, isQualified: boolean): string {
  const name = isQualified ? `${ident(index.schema)}.${ident(index.name)}` : ident(index.name)
  return `drop index concurrently if exists ${name}`
}

function tableSql({ schema, table }: WantedIndex, isQualified: boolean): string {
  return isQualified ? `${ident(schema)}.${ident(table)}` : ident(table)
}

function createLines(index: WantedIndex, { folder, isQualified, line }: MigrationParts): readonly string[] {
  const drop = dropSql(index, isQualified)
  return [
    ...index.because,
    '',
    'Safe to repeat, and built without a lock that stops writing. It is the only statement here because CREATE INDEX',
    'CONCURRENTLY refuses to share a transaction, and a script of several statements is one.',
    'A build that fails leaves an invalid index, which IF NOT EXISTS would take for the real one. Before trying again:',
    `    ${drop}`,
    `    prisma migrate resolve --rolled-back ${folder}`,
    '',
    'Undo:',
    `    ${drop}`,
    '',
    ...schemaWords(line),
  ]
}

function dropLines(index: WantedIndex, { isQualified, declaredIn }: MigrationParts): readonly string[] {
  const undo =
    index.definition === null
      ? ['Undo: create it again as it was (pg_get_indexdef shows how, before this runs).']
      : ['Undo:', `    ${createSql(index, isQualified).replace(/\s*\n\s*/, ' ')}`]
  const lines = declaredIn.filter((where) => /\.prisma:\d+$/.test(where))
  return [
    ...index.because,
    '',
    'Safe to repeat, and without a lock that stops writing. It is the only statement here because DROP INDEX CONCURRENTLY',
    'refuses to share a transaction, and a script of several statements is one.',
    '',
    ...undo,
    ...(lines.length === 0
      ? []
      : [
          '',
          `Take its line out of the schema (${lines.join(', ')}): Prisma's next migrate dev would make it anew.`,
        ]),
  ]
}

function schemaWords(line: SchemaLine): readonly string[] {
  switch (line.kind) {
    case 'line':
      return [
        `Add to model ${line.model} in ${line.path}, or Prisma's next migrate dev drops the index again:`,
        `    ${line.text}`,
        ...(line.beware === null ? [] : [line.beware]),
      ]
    case 'unseen':
      return [
        'The schema needs no line: Prisma does not see partial indexes and indexes on expressions, and leaves them alone.',
      ]
    case 'no-schema':
      return [
        "Add a line for it (@@index, with map for its name) to the table's model in the schema, or Prisma's next migrate dev drops",
        'the index again.',
      ]
    case 'no-model':
      return ['No model of the schema has this table with these columns, so there is no line to add for it.']
  }
}

/** No semicolon in a comment: Prisma's driver adapters cut a script at each of them. */
function commentLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what would end the comment, or move a reader's cursor
  const safe = text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').replaceAll(';', ',')
  return `-- ${safe}`.trimEnd()
}
