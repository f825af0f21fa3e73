// Paths with `*` and `?` in any part, as the file system has them now.

import { readdir } from 'node:fs/promises'
import { join, parse, sep } from 'node:path'

/** Of one pattern; the folder of a server that makes a file an hour for a year. */
const MOST_FILES = 10_000

/** Sorted. Folders that are absent hold nothing; ones that may not be read throw. */
export async function matchFiles(pattern: string): Promise<readonly string[]> {
  if (!/[*?]/.test(pattern)) return [pattern]
  const { root } = parse(pattern)
  let found: readonly string[] = [root === '' ? '.' : root]
  for (const part of pattern.slice(root.length).split(sep === '\\' ? /[\\/]/ : '/')) {
    if (part === '') continue
    found = /[*?]/.test(part) ? await below(found, part) : found.map((folder) => join(folder, part))
    if (found.length > MOST_FILES) found = found.slice(-MOST_FILES)
  }
  return [...found].sort()
}

async function below(folders: readonly string[], part: string): Promise<readonly string[]> {
  const wanted = new RegExp(
    `^${part
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  )
  const found: string[] = []
  for (const folder of folders) {
    const names = await readdir(folder).catch((error: { code?: string }) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return []
      throw error
    })
    // as in a shell: a star does not mean hidden files
    for (const name of names)
      if (wanted.test(name) && (part.startsWith('.') || !name.startsWith('.'))) found.push(join(folder, name))
  }
  return found
}
