// Keyset pages: a cursor holds the sort key of the last row seen, so that page 1000 costs what page 1 costs.

import { z } from 'zod'
import { HttpError } from './http-error.ts'
import { key } from './parse.ts'

export const PAGE = 25

export interface Page<Row> {
  readonly rows: readonly Row[]
  /** For the next page; null: this was the last. */
  readonly next: string | null
}

/** `rows` were asked for with one more than a page has: its presence tells that there is a next page. */
export function page<Row>(rows: readonly Row[], sortKeyOf: (row: Row) => readonly unknown[]): Page<Row> {
  const shown = rows.slice(0, PAGE)
  const last = shown.at(-1)
  return { rows: shown, next: rows.length > PAGE && last !== undefined ? encode(sortKeyOf(last)) : null }
}

function encode(sortKey: readonly unknown[]): string {
  const text = JSON.stringify(sortKey, (_, value) => (typeof value === 'bigint' ? String(value) : value))
  return Buffer.from(text).toString('base64url')
}

export function decode<S extends z.ZodType>(schema: S, cursor: string): z.output<S> {
  try {
    return schema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()))
  } catch {
    throw new HttpError(400, 'the cursor is not one of ours')
  }
}

const moment = z.tuple([z.iso.datetime().transform((text) => new Date(text)), key])

/**
 * The condition for rows before a cursor, for lists that show the newest first. The first line repeats what the OR says, in a form
 * that an index on (…, at, id) can start from.
 */
export function before<Column extends string>(cursor: string | undefined, column: Column) {
  if (cursor === undefined) return {}
  const [at, id] = decode(moment, cursor)
  return { [column]: { lte: at }, OR: [{ [column]: { lt: at } }, { id: { lt: id } }] }
}

export const beforeQuery = z.object({ before: z.string().optional() })
