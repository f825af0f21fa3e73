// Evidence files lie in a folder, named by their id: nothing that a user typed becomes a path. Streamed both ways.

import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { HttpError } from './http-error.ts'

export interface EvidenceFiles {
  /** Returns the size. Throws 413 when it is larger than MAX_BYTES, 400 when it is empty; then nothing is left. */
  readonly save: (id: string, content: Readable) => Promise<number>
  readonly open: (id: string) => Readable
  readonly remove: (id: string) => Promise<void>
}

export const MAX_BYTES = 5 * 1024 * 1024

export function createEvidenceFiles(folder: string): EvidenceFiles {
  const pathOf = (id: string) => join(folder, id)
  const remove = (id: string) => rm(pathOf(id), { force: true })
  return {
    save: async (id, content) => {
      await mkdir(folder, { recursive: true })
      let sizeBytes = 0
      const counting = new Transform({
        transform(chunk: Buffer, _encoding, done) {
          sizeBytes += chunk.length
          if (sizeBytes > MAX_BYTES) done(new HttpError(413, `a file may have ${MAX_BYTES} bytes`))
          else done(null, chunk)
        },
      })
      try {
        await pipeline(content, counting, createWriteStream(pathOf(id), { flags: 'wx' }))
        if (sizeBytes === 0) throw new HttpError(400, 'the file is empty')
        return sizeBytes
      } catch (error) {
        await remove(id)
        throw error
      }
    },
    open: (id) => createReadStream(pathOf(id)),
    remove,
  }
}
