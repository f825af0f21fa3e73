// Follows log files by path or pattern: several at a time, through rotation by rename and by new name, truncation, deletion and
// restarts of pgsteward. By polling: a stat a second costs nothing, and works on every file system.

import { readdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { LogPosition } from '../../model/log-event.ts'
import type { Bytes, Milliseconds } from '../../model/units.ts'
import { FollowedFile, fileOf } from './followed-file.ts'
import type { LogChunk, LogPoll, LogSource, LogSourceFault } from './log-source.ts'
import { matchFiles } from './match-files.ts'

export interface FollowOptions {
  readonly patterns: readonly string[]
  /** How far files were read before a restart, by path. */
  readonly known: ReadonlyMap<string, LogPosition>
  readonly now: () => Date
}

/** At the very first start, of the newest file: enough to show something, while yesterday's log is history. */
const FIRST_BYTES = 2 * 2 ** 20

/** Compressed files are what rotation made of files that were read. */
const PACKED = /\.(gz|bz2|xz|zst|lz4|zip)$/

/** Folders are looked through this often; files that are known each time. */
const LOOK_EVERY_MS: Milliseconds = 5_000

/** Handles of files that stood still for so long are closed. */
const IDLE_MS: Milliseconds = 5 * 60_000

const MOST_OPEN = 32

interface Seen {
  readonly path: string
  readonly file: string
  readonly size: Bytes
  readonly modifiedAt: number
}

export function followFiles({ patterns, known, now }: FollowOptions): LogSource {
  const followed = new Map<string, FollowedFile>()
  const grewAt = new Map<string, number>()
  const savedAt = Math.max(
    -Infinity,
    ...[...known.values()].map(({ readAt }) => Date.parse(readAt ?? '') || 0),
  )
  let seen: readonly Seen[] = []
  let lookedAt = -Infinity
  let isFirst = known.size === 0
  let faults: readonly LogSourceFault[] = []

  const look = async () => {
    const found: LogSourceFault[] = []
    const next: Seen[] = []
    for (const pattern of patterns) next.push(...(await seenBy(pattern, found)))
    faults = found
    seen = next.sort((a, b) => a.modifiedAt - b.modifiedAt || a.path.localeCompare(b.path))
    await takeUp()
    isFirst = false
  }

  const takeUp = async () => {
    const newest = seen.at(-1)?.path
    for (const each of seen) {
      if (followed.has(each.file)) continue
      const position = known.get(each.path)
      const renamed = [...known].find(([path, other]) => other.file === each.file && path !== each.path)
      const file = await begin(each, position ?? null, renamed, each.path === newest)
      followed.set(file.file, file)
    }
    const still = new Set(seen.map(({ file }) => file))
    for (const [id, file] of followed) {
      if (still.has(id) || file.isOpen) continue
      followed.delete(id)
      grewAt.delete(id)
    }
  }

  const begin = async (
    each: Seen,
    position: LogPosition | null,
    renamed: readonly [string, LogPosition] | undefined,
    isNewest: boolean,
  ): Promise<FollowedFile> => {
    const at = (offset: Bytes, head?: string) => new FollowedFile(each.path, each.file, offset, head)
    const mine = position?.file === each.file ? position : renamed?.[1]
    if (mine !== undefined)
      return (await FollowedFile.isAt(each.path, mine).catch(() => false))
        ? at(mine.offset, mine.head)
        : at(0)
    if (position !== null) await takeUpRotated(each.path, position)
    if (position !== null || (!isFirst && (known.size === 0 || each.modifiedAt > savedAt))) return at(0)
    if (isFirst && isNewest) return at(Math.max(0, each.size - FIRST_BYTES))
    return at(each.size)
  }

  /** The file that was read before a restart has another name now: its rest comes first. */
  const takeUpRotated = async (path: string, position: LogPosition) => {
    if (followed.has(position.file)) return
    const lies = await pathOf(dirname(path), position.file)
    if (lies === null || !(await FollowedFile.isAt(lies, position).catch(() => false))) return
    const file = new FollowedFile(path, position.file, position.offset, position.head)
    await file.open(lies).catch(() => undefined)
    if (file.isOpen) followed.set(file.file, file)
  }

  const readOne = async (file: FollowedFile, maxBytes: Bytes, moment: number): Promise<LogChunk | null> => {
    const lies = await lyingAt(file)
    if (!file.isOpen) {
      const size = seen.find((each) => each.file === file.file)?.size ?? 0
      // nothing new in a file that stood still: it need not be opened to know
      if (lies === null || (size === file.offset && file.offset > 0)) return null
      await file.open(lies)
    }
    const piece = await file.read(maxBytes, lies !== file.path)
    if (piece !== null) {
      grewAt.set(file.file, moment)
      return {
        source: file.path,
        stream: file.stream,
        bytes: piece.bytes,
        position: file.position(now()),
        isEnd: piece.isEnd,
      }
    }
    // read to its end, and another file has its name, or none
    const isGone = lies !== file.path
    if (isGone || moment - (grewAt.get(file.file) ?? moment) > IDLE_MS || followed.size > MOST_OPEN)
      await file.close()
    if (isGone && !seen.some((each) => each.file === file.file)) followed.delete(file.file)
    return null
  }

  return {
    poll: async (maxBytes): Promise<LogPoll> => {
      const moment = now().getTime()
      const chunks: LogChunk[] = []
      const failed: LogSourceFault[] = []
      if (moment - lookedAt >= LOOK_EVERY_MS || followed.size === 0) {
        lookedAt = moment
        await look()
      } else seen = await again(seen)
      let room = maxBytes
      let hasMore = false
      // the oldest first: rotated files before those that took their place
      for (const file of [...followed.values()]) {
        if (room <= 0) {
          hasMore = true
          break
        }
        try {
          const chunk = await readOne(file, room, moment)
          if (chunk === null) continue
          chunks.push(chunk)
          room -= chunk.bytes.length
          if (!chunk.isEnd) hasMore = true
        } catch (error) {
          failed.push({ source: file.path, because: faultOf(error, file.path) })
          await file.close()
        }
      }
      return { chunks, faults: [...faults, ...failed], hasMore }
    },
    close: async () => {
      for (const file of followed.values()) await file.close()
      followed.clear()
    },
  }
}

async function seenBy(pattern: string, faults: LogSourceFault[]): Promise<readonly Seen[]> {
  try {
    const paths = (await matchFiles(pattern)).filter((path) => !PACKED.test(path))
    const found: Seen[] = []
    let isFolder = false
    for (const path of paths) {
      const one = await seenAt(path)
      if (one === 'folder') isFolder = true
      else if (one !== null) found.push(one)
    }
    if (found.length === 0)
      faults.push({
        source: pattern,
        because: isFolder
          ? `${pattern} is a folder; name the files in it: ${join(pattern, '*.log')}`
          : /[*?]/.test(pattern)
            ? `no file matches ${pattern}`
            : `there is no file ${pattern}`,
      })
    return found
  } catch (error) {
    faults.push({ source: pattern, because: faultOf(error, pattern) })
    return []
  }
}

async function seenAt(path: string): Promise<Seen | 'folder' | null> {
  const stats = await stat(path).catch((error: { code?: string }) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null
    throw error
  })
  if (stats === null) return null
  if (stats.isDirectory()) return 'folder'
  // a pipe or a device would wait for ever
  if (!stats.isFile()) return null
  return { path, file: fileOf(stats.dev, stats.ino), size: stats.size, modifiedAt: stats.mtimeMs }
}

async function again(seen: readonly Seen[]): Promise<readonly Seen[]> {
  const newest = await Promise.all(seen.slice(-MOST_OPEN).map(({ path }) => seenAt(path).catch(() => null)))
  return [...seen.slice(0, -MOST_OPEN), ...newest.filter((each) => each !== null && each !== 'folder')]
}

/** Where a followed file lies: under its own path, or renamed beside it; null: nowhere. */
async function lyingAt(file: FollowedFile): Promise<string | null> {
  const own = await seenAt(file.path).catch(() => null)
  if (own !== null && own !== 'folder' && own.file === file.file) return file.path
  return file.isOpen ? null : await pathOf(dirname(file.path), file.file)
}

async function pathOf(folder: string, file: string): Promise<string | null> {
  const names = await readdir(folder).catch(() => [])
  for (const name of names) {
    if (PACKED.test(name)) continue
    const one = await seenAt(join(folder, name)).catch(() => null)
    if (one !== null && one !== 'folder' && one.file === file) return one.path
  }
  return null
}

function faultOf(error: unknown, path: string): string {
  const { code, message } = error as { code?: string; message: string }
  if (code === 'EACCES' || code === 'EPERM')
    return `${path} may not be read by the user that pgsteward runs as; put it into the file's group (adm on Debian), or set log_file_mode = 0640`
  return message
}
