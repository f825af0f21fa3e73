// Writes a relation's file: a few real pages at its start and zero pages up to its length, which take no room on the disk.

import { createHash } from 'node:crypto'
import { closeSync, fchownSync, ftruncateSync, linkSync, openSync, writeSync } from 'node:fs'
import type { Owner } from '../../postgres/local-binaries.ts'

export const PAGE_BYTES = 8192

/** RELSEG_SIZE: PostgreSQL splits relations into files of 1 GiB. */
const SEGMENT_BLOCKS = 131_072

/** `owner`: whose the cluster is, where this process is another user. */
export function writeRelationFile(
  path: string,
  blocks: number,
  pages: readonly Uint8Array[],
  owner: Owner | undefined,
): void {
  const length = Math.max(blocks, pages.length)
  for (let segment = 0; segment === 0 || segment * SEGMENT_BLOCKS < length; segment++) {
    const file = openSync(segment === 0 ? path : `${path}.${segment}`, 'w', 0o600)
    const written = segment === 0 ? pages.length : 0
    const blocksOfSegment = Math.min(SEGMENT_BLOCKS, length - segment * SEGMENT_BLOCKS)
    try {
      if (written > 0) writeSync(file, Buffer.concat(pages))
      if (blocksOfSegment > written) ftruncateSync(file, blocksOfSegment * PAGE_BYTES)
      if (owner !== undefined) fchownSync(file, owner.uid, owner.gid)
    } finally {
      closeSync(file)
    }
  }
}

/**
 * Writes files of which nothing is ever written again. Equal ones become one, by hard links: to make a file takes the system twenty
 * times as long, and most small relations are alike.
 */
export function sharedFiles(owner: Owner | undefined) {
  const known = new Map<string, string>()
  return (path: string, blocks: number, pages: readonly Uint8Array[]): void => {
    const content = createHash('sha1')
    for (const page of pages) content.update(page)
    const key = `${blocks} ${pages.length} ${content.digest('hex')}`
    const before = known.get(key)
    if (before !== undefined && blocks <= SEGMENT_BLOCKS) {
      try {
        linkSync(before, path)
        return
      } catch {
        // a file system without links, or with a limit of them
      }
    }
    writeRelationFile(path, blocks, pages, owner)
    known.set(key, path)
  }
}
