// Gives each relation of a twin the length, rows and pages of the target's. The file is written beside the empty one and put in its
// place in the catalog, so that no page of it is in the host's buffers before it is complete.

import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { Owner } from '../../postgres/local-binaries.ts'
import { literal, qualified } from '../../sql/quote.ts'
import { rowsOf, type TwinHost } from '../hosts/host.ts'
import { firstPages, type IndexFile, visibilityMapPage } from '../pages/index-pages.ts'
import { writeRelationFile } from '../pages/relation-file.ts'

/** Far above what a young cluster's counter reaches. */
const FIRST_FILE_NUMBER = 1_000_000_000

/** The number of an empty file, which stands in for a table's while an index is built on it. */
export const EMPTY_FILE = FIRST_FILE_NUMBER - 1

export interface RelationSize {
  readonly schema: string
  readonly name: string
  readonly blocks: number
  readonly pages: number
  readonly rows: number
  readonly allVisiblePages: number
  /** Null: a table. */
  readonly index: IndexFile | null
  /** Length of an index's table. */
  readonly tableBlocks: number
}

export interface SizeWriter {
  readonly write: (relations: readonly RelationSize[]) => Promise<void>
}

export async function sizeWriter(host: TwinHost): Promise<SizeWriter> {
  const [row] = await rowsOf(
    host,
    `select oid from pg_catalog.pg_database where datname = pg_catalog.current_database()`,
  )
  const folder = join('base', row![0]!)
  const { uid, gid } = statSync(join(host.dataDir, folder))
  const owner: Owner | undefined = process.getuid?.() === uid ? undefined : { uid, gid }
  writeRelationFile(join(host.dataDir, folder, String(EMPTY_FILE)), 0, [], owner)
  let next = FIRST_FILE_NUMBER
  return {
    write: async (relations) => {
      if (relations.length === 0) return
      const rows = relations.map((relation) => {
        const isEmpty = relation.blocks === 0 && relation.index === null
        const node = isEmpty ? null : next++
        if (node !== null) {
          const pages = relation.index === null ? [] : firstPages(relation.index, relation.tableBlocks)
          const path = join(host.dataDir, folder, String(node))
          writeRelationFile(path, relation.blocks, pages, owner)
          if (relation.index === null) writeRelationFile(`${path}_vm`, 1, [visibilityMapPage()], owner)
        }
        return {
          schema: relation.schema,
          name: relation.name,
          node,
          pages: relation.pages,
          reltuples: relation.rows,
          visible: relation.allVisiblePages,
        }
      })
      await rowsOf(
        host,
        `update pg_catalog.pg_class c
            set relfilenode = case when c.relkind in ('p', 'I') then c.relfilenode else coalesce(v.node, c.relfilenode) end,
                relpages = v.pages, reltuples = v.reltuples, relallvisible = v.visible,
                relispopulated = true
           from pg_catalog.json_to_recordset(${literal(JSON.stringify(rows))})
                  as v(schema text, name text, node oid, pages integer, reltuples real, visible integer)
           join pg_catalog.pg_namespace n on n.nspname = v.schema
          where c.relnamespace = n.oid and c.relname = v.name`,
      )
    },
  }
}

export function shown(relation: { readonly schema: string; readonly name: string }): string {
  return qualified(relation.schema, relation.name)
}
