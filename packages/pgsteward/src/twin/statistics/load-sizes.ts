// Gives each relation of a twin the length, rows and pages of the target's. The file is written beside the empty one and put in its
// place in the catalog, so that no page of it is in the host's buffers before it is complete.

import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { Owner } from '../../postgres/local-binaries.ts'
import { rowsOf, type TwinHost } from '../hosts/host.ts'
import { firstPages, type IndexFile, visibilityMapPage } from '../pages/index-pages.ts'
import { sharedFiles, writeRelationFile } from '../pages/relation-file.ts'

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
  /** Writes the files, which takes a while and asks the host nothing; the relations need not be there yet. */
  readonly prepare: (relations: readonly RelationSize[]) => PreparedSizes
  /** Puts them in place; relations that the twin lacks are passed over. */
  readonly place: (prepared: PreparedSizes) => Promise<void>
}

export type PreparedSizes = readonly Readonly<Record<string, string | number | null>>[]

export async function sizeWriter(host: TwinHost): Promise<SizeWriter> {
  const [row] = await rowsOf(
    host,
    `select oid from pg_catalog.pg_database where datname = pg_catalog.current_database()`,
  )
  const folder = join(host.dataDir, 'base', row![0]!)
  const { uid, gid } = statSync(folder)
  const owner: Owner | undefined = process.getuid?.() === uid ? undefined : { uid, gid }
  const writeShared = sharedFiles(owner)
  const visible = [visibilityMapPage()]
  writeRelationFile(join(folder, String(EMPTY_FILE)), 0, [], owner)
  let next = FIRST_FILE_NUMBER
  const writeFiles = ({ blocks, index, tableBlocks }: RelationSize, node: number) => {
    const path = join(folder, String(node))
    writeShared(path, blocks, index === null ? [] : firstPages(index, tableBlocks))
    if (index === null) writeShared(`${path}_vm`, 1, visible)
  }
  return {
    prepare: (relations) =>
      relations.map((relation) => {
        const node = relation.blocks === 0 && relation.index === null ? null : next++
        if (node !== null) writeFiles(relation, node)
        return {
          schema: relation.schema,
          name: relation.name,
          node,
          pages: relation.pages,
          reltuples: relation.rows,
          visible: relation.allVisiblePages,
        }
      }),
    place: async (prepared) => {
      if (prepared.length === 0) return
      await rowsOf(
        host,
        `update pg_catalog.pg_class c
            set relfilenode = case when c.relkind in ('p', 'I') then c.relfilenode else coalesce(v.node, c.relfilenode) end,
                relpages = v.pages, reltuples = v.reltuples, relallvisible = v.visible,
                relispopulated = true
           from pg_catalog.json_to_recordset($1::json)
                  as v(schema text, name text, node oid, pages integer, reltuples real, visible integer)
           join pg_catalog.pg_namespace n on n.nspname = v.schema
          where c.relnamespace = n.oid and c.relname = v.name`,
        [JSON.stringify(prepared)],
      )
    },
  }
}
