// One log file that is read on as it grows: its identity, how far it was read, and its open handle, by which its end can be read
// after it was renamed or deleted.

import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import type { LogPosition } from '../../model/log-event.ts'
import type { Bytes } from '../../model/units.ts'
import { wholeLines, wholeMessages } from './whole-messages.ts'

/** Of the begin of a file: tells it from another one that got the same inode, and from itself before it was truncated. */
const HEAD_BYTES = 256

/** A line longer than this is taken in pieces. */
const LONGEST_LINE = 4 * 2 ** 20

/** What is written of a line within a second is all of it; a last line without an end is read when a file is left. */
export interface Piece {
  readonly bytes: Uint8Array
  readonly offset: Bytes
  readonly isEnd: boolean
}

export class FollowedFile {
  readonly path: string
  readonly file: string
  offset: Bytes
  #head: string
  #handle: FileHandle | null = null
  /** Counts truncations: each is another stream. */
  #lives = 0

  constructor(path: string, file: string, offset: Bytes, head = '0:') {
    this.path = path
    this.file = file
    this.offset = offset
    this.#head = head
  }

  get stream(): string {
    return `${this.file} ${this.#lives}`
  }

  get isOpen(): boolean {
    return this.#handle !== null
  }

  position(now: Date): LogPosition {
    return { file: this.file, offset: this.offset, head: this.#head, readAt: now.toISOString() }
  }

  /** By a path under which this very file lies now. */
  async open(path: string): Promise<void> {
    if (this.#handle !== null) return
    const handle = await open(path, 'r')
    const { dev, ino } = await handle.stat()
    if (fileOf(dev, ino) === this.file) this.#handle = handle
    else await handle.close()
  }

  /** Null when nothing is new. A file that is shorter than it was, or begins otherwise, is read from its start. */
  async read(maxBytes: Bytes, isLeft = false): Promise<Piece | null> {
    const handle = this.#handle
    if (handle === null) return null
    const { size } = await handle.stat()
    if (size === this.offset && this.offset > 0 && this.#head !== '0:') return null
    if (size < this.offset || !(await this.#beginsAsBefore(handle))) {
      this.offset = 0
      this.#head = '0:'
      this.#lives++
    }
    const wanted = Math.min(maxBytes, size - this.offset)
    if (wanted <= 0) return null
    const buffer = Buffer.allocUnsafe(wanted)
    const { bytesRead } = await handle.read(buffer, 0, wanted, this.offset)
    const read = buffer.subarray(0, bytesRead)
    const isEnd = this.offset + bytesRead >= size
    const length = this.#cut(read, isEnd, isLeft)
    if (length === 0) return null
    this.offset += length
    await this.#remember(handle)
    return { bytes: read.subarray(0, length), offset: this.offset, isEnd }
  }

  async close(): Promise<void> {
    await this.#handle?.close().catch(() => undefined)
    this.#handle = null
  }

  #cut(read: Uint8Array, isEnd: boolean, isLeft: boolean): number {
    if (isEnd && isLeft) return read.length
    const length = isEnd ? wholeLines(read) : wholeMessages(read) || wholeLines(read)
    return length === 0 && read.length >= LONGEST_LINE ? read.length : length
  }

  async #beginsAsBefore(handle: FileHandle): Promise<boolean> {
    const length = Number(this.#head.split(':')[0])
    return length === 0 || (await headOf(handle, length)) === this.#head
  }

  async #remember(handle: FileHandle): Promise<void> {
    const length = Math.min(HEAD_BYTES, this.offset)
    if (Number(this.#head.split(':')[0]) < length) this.#head = await headOf(handle, length)
  }

  /** Whether the file under this path is the one that a position is of. */
  static async isAt(path: string, { head, offset }: LogPosition): Promise<boolean> {
    const handle = await open(path, 'r')
    try {
      const { size } = await handle.stat()
      const length = Number(head.split(':')[0])
      return size >= offset && (length === 0 || (await headOf(handle, length)) === head)
    } finally {
      await handle.close()
    }
  }
}

export function fileOf(dev: number, ino: number): string {
  return `${dev}:${ino}`
}

async function headOf(handle: FileHandle, length: number): Promise<string> {
  const buffer = Buffer.alloc(length)
  const { bytesRead } = await handle.read(buffer, 0, length, 0)
  const hash = createHash('sha256').update(buffer.subarray(0, bytesRead)).digest('hex').slice(0, 16)
  return `${length}:${hash}`
}
