// What a GIN index's metapage holds and the planner's GIN costs come from. Superusers can read it: by pageinspect,
// or from the file, as of the last checkpoint. Without it the planner's own assumption for an index without figures is left in place.

import type { Session } from '../../postgres/connect.ts'
import { literal, qualified } from '../../sql/quote.ts'
import type { IndexStatistics, TableStatistics } from './statistics-file.ts'

type Asked = { -readonly [K in keyof IndexStatistics]: IndexStatistics[K] }

export async function readGinPages(session: Session, tables: Iterable<TableStatistics>): Promise<void> {
  const asked: Asked[] = []
  for (const table of tables)
    if (table.kind !== 'partitioned') asked.push(...table.indexes.filter((index) => index.method === 'gin'))
  if (asked.length === 0 || !session.server.isSuperuser) return
  for (const index of asked) {
    const name = qualified(index.schema, index.name)
    // an index dropped meanwhile, a page that can't be read: the planner's assumption serves
    const page = await readPage(session, name).catch(() => null)
    index.gin = page === null ? null : figuresOf(page, index.blocks)
  }
}

/** Through the server's buffers where pageinspect is installed. */
async function readPage(session: Session, name: string): Promise<Buffer | null> {
  const [home] = (
    await session.query(
      'twin',
      `select pg_catalog.quote_ident(n.nspname) as schema from pg_catalog.pg_extension e
         join pg_catalog.pg_namespace n on n.oid = e.extnamespace where e.extname = 'pageinspect'`,
    )
  ).rows
  const page =
    home === undefined
      ? `pg_catalog.pg_read_binary_file(pg_catalog.pg_relation_filepath(${literal(name)}::pg_catalog.regclass), 0, 8192)`
      : `${home.schema}.get_raw_page(${literal(name)}, 0)`
  const { rows } = await session.query('twin', `select pg_catalog.encode(${page}, 'hex') as page`)
  return rows[0]?.page == null ? null : Buffer.from(String(rows[0].page), 'hex')
}

/** Null: not a GIN metapage, or one that was never counted (new, and not yet on the disk). Offsets as in pages/index-pages.ts. */
function figuresOf(page: Buffer, blocks: number): IndexStatistics['gin'] {
  if (page.length < 8192 || page.readInt32LE(72) < 1 || page.readInt32LE(72) > 2) return null
  const figures = {
    pendingPages: page.readUInt32LE(36),
    totalPages: page.readUInt32LE(48),
    entryPages: page.readUInt32LE(52),
    dataPages: page.readUInt32LE(56),
    entries: Number(page.readBigInt64LE(64)),
  }
  return figures.totalPages === 0 || figures.totalPages > blocks ? null : figures
}
