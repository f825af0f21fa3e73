// Writes a relation's file: a few real pages at its start and zero pages up to its length, which take no room on the disk.

import { chownSync, closeSync, ftruncateSync, openSync, writeSync } from 'node:fs'
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
    try {
      if (segment === 0)
        for (const [number, page] of pages.entries())
          writeSync(file, page, 0, PAGE_BYTES, number * PAGE_BYTES)
      ftruncateSync(file, Math.min(SEGMENT_BLOCKS, length - segment * SEGMENT_BLOCKS) * PAGE_BYTES)
    } finally {
      closeSync(file)
    }
    if (owner !== undefined) chownSync(segment === 0 ? path : `${path}.${segment}`, owner.uid, owner.gid)
  }
}
