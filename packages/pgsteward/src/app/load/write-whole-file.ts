// Writes a file whole or not at all: beside it first, then renamed over it. A full disk leaves what was there as it was.

import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { StewardError } from '../../model/error.ts'

/** Makes the folders that lack. Throws 'file-not-written', which says what to do. */
export async function writeWholeFile(path: string, content: string | Uint8Array): Promise<void> {
  const fresh = `${path}.part`
  try {
    await mkdir(dirname(path), { recursive: true })
    const file = await open(fresh, 'w')
    try {
      await file.writeFile(content)
      // or a power cut after the rename would leave an empty file
      await file.sync().catch(() => undefined)
    } finally {
      await file.close()
    }
    await rename(fresh, path)
  } catch (cause) {
    await rm(fresh, { force: true }).catch(() => undefined)
    throw notWritten(path, cause as NodeJS.ErrnoException)
  }
}

const HINTS: Readonly<Record<string, string>> = {
  ENOSPC: 'Make room on the disk, or name a file on another one.',
  EDQUOT: 'The quota of this user is used up: make room, or name a file elsewhere.',
  EFBIG: 'The file is larger than this user or file system may write.',
  EACCES: 'Name a file in a folder that this user can write to.',
  EPERM: 'Name a file in a folder that this user can write to.',
  EROFS: 'The file system is read-only: name a file elsewhere.',
  EISDIR: 'There is a folder of this name: name a file.',
  ENOTDIR: 'A part of the path is a file: name another folder.',
  EEXIST: 'A part of the path is a file: name another folder.',
}

function notWritten(path: string, cause: NodeJS.ErrnoException): StewardError {
  return new StewardError('file-not-written', `${path} could not be written`, {
    detail: DETAILS[cause.code ?? ''] ?? cause.message,
    hint: HINTS[cause.code ?? ''] ?? 'Name another file.',
    cause,
  })
}

const DETAILS: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full.',
  EDQUOT: "The user's quota is used up.",
  EACCES: 'This user may not write there.',
  EPERM: 'This user may not write there.',
  EROFS: 'The file system is read-only.',
}
