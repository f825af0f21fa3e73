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
    const known = await namesByStem(dir, records)
    for (const record of records) {
      const path = recordPath(record)
      for (const name of known.get(recordStem(record)) ?? [])
        if (name !== basename(path) && (await isOf(record, join(dir, dirname(path), name)))) {
          await rm(join(dir, dirname(path), name))
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

/** The files that may be of a record, by what their names begin with. Makes the folders that are missing. */
async function namesByStem(
  dir: string,
  records: readonly GovernanceRecord[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const names: string[] = []
  for (const folder of new Set(records.map(({ kind }) => folderOf(kind)))) {
    await mkdir(join(dir, folder), { recursive: true })
    names.push(...(await readdir(join(dir, folder))))
  }
  return Map.groupBy(names, (name) => /^([A-Z]{3}-\d{4,})(?:-.*)?\.md$/.exec(name)?.[1] ?? '')
}

/** What only has such a name is somebody's own. */
async function isOf(record: GovernanceRecord, file: string): Promise<boolean> {
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
