// Records as files of a folder that git keeps: written where they differ, read back one by one.

import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { readRecordFile } from '../../govern/markdown/read-record-file.ts'
import { folderOf, recordFile, recordPath, recordStem } from '../../govern/markdown/record-file.ts'
import { StewardError } from '../../model/error.ts'
import { type GovernanceRecord, RECORD_KINDS, recordName } from '../../model/governance.ts'

export interface WrittenFiles {
  readonly written: readonly string[]
  readonly unchanged: number
  /** Files of records that have another title by now. */
  readonly removed: readonly string[]
}

/** Rejects with 'file-not-written'. */
export async function writeRecordFiles(
  dir: string,
  records: readonly GovernanceRecord[],
): Promise<WrittenFiles> {
  const written: string[] = []
  const removed: string[] = []
  let unchanged = 0
  try {
    for (const record of records) {
      const path = recordPath(record)
      const folder = join(dir, dirname(path))
      await mkdir(folder, { recursive: true })
      for (const name of await readdir(folder))
        if (name !== basename(path) && (await isOf(record, join(folder, name)))) {
          await rm(join(folder, name))
          removed.push(`${dirname(path)}/${name}`)
        }
      const text = recordFile(record)
      if ((await readFile(join(dir, path), 'utf8').catch(() => null)) === text) unchanged++
      else {
        await writeFile(join(dir, path), text)
        written.push(path)
      }
    }
  } catch (error) {
    throw new StewardError('file-not-written', `records could not be written to ${dir}`, {
      detail: (error as Error).message,
      hint: 'Is it a folder that may be written to?',
      cause: error,
    })
  }
  return { written, unchanged, removed }
}

/** What only begins with the same letters is somebody's own. */
async function isOf(record: GovernanceRecord, file: string): Promise<boolean> {
  if (!new RegExp(`^${recordStem(record)}(-[^/]*)?\\.md$`).test(basename(file))) return false
  const found = tryRead(await readFile(file, 'utf8').catch(() => ''))
  return found.record !== null && recordName(found.record) === recordName(record)
}

export interface ReadFiles {
  readonly records: readonly { readonly file: string; readonly record: GovernanceRecord }[]
  readonly refused: readonly { readonly file: string; readonly because: string }[]
}

/** Of the folders that an export writes, by name. Rejects with 'record-file' where there is no such folder at all. */
export async function readRecordFiles(dir: string): Promise<ReadFiles> {
  const records: { file: string; record: GovernanceRecord }[] = []
  const refused: { file: string; because: string }[] = []
  let folders = 0
  for (const kind of RECORD_KINDS) {
    const names = await readdir(join(dir, folderOf(kind))).catch(() => null)
    if (names === null) continue
    folders++
    for (const name of names.toSorted()) {
      const file = `${folderOf(kind)}/${name}`
      const source = await readFile(join(dir, file), 'utf8').catch(() => null)
      const { record, because } =
        source === null ? { record: null, because: 'it cannot be read' } : tryRead(source)
      if (record === null) refused.push({ file, because })
      else if (record.kind !== kind) refused.push({ file, because: `it is of a ${record.kind}` })
      else records.push({ file, record })
    }
  }
  if (folders === 0)
    throw new StewardError('record-file', `there are no records in ${dir}`, {
      hint: 'Name the folder that pgsteward records export wrote: it has changes/, reviews/ and the like.',
    })
  return { records, refused }
}

function tryRead(source: string): { readonly record: GovernanceRecord | null; readonly because: string } {
  try {
    return { record: readRecordFile(source), because: 'it is no record of pgsteward' }
  } catch (error) {
    return { record: null, because: (error as Error).message }
  }
}
