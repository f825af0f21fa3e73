// A workload file, as advise and twin explain take it: JSON or plain SQL.

import { readFile } from 'node:fs/promises'
import { workloadList } from '../../advise/workload.ts'
import { StewardError } from '../../model/error.ts'

export type WorkloadFile =
  | { readonly kind: 'json'; readonly list: readonly unknown[] }
  | { readonly kind: 'sql'; readonly text: string }

/** Throws 'workload-invalid'. What single entries hold is for the reader of the list to judge. */
export async function readWorkloadFile(path: string): Promise<WorkloadFile> {
  let text: string
  try {
    text = decoded(await readFile(path))
  } catch (cause) {
    throw new StewardError('workload-invalid', `the workload ${path} cannot be read`, {
      detail: (cause as Error).message,
      hint: 'A JSON file [{ "id", "sql" or "template", "callsPerMinute" }], or a file of SQL statements.',
      cause,
    })
  }
  if (!/^\s*[[{]/.test(text)) return { kind: 'sql', text }
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (cause) {
    throw new StewardError('workload-invalid', `the workload ${path} is not JSON`, {
      detail: (cause as Error).message,
      hint: 'A file that starts with [ or { is read as JSON, any other as SQL statements.',
      cause,
    })
  }
  const list = workloadList(parsed)
  if (list !== null) return { kind: 'json', list }
  throw new StewardError('workload-invalid', `the workload ${path} holds no list of statements`, {
    hint: 'It is a JSON array of { "id", "sql" or "template", "callsPerMinute" }, or plain SQL.',
  })
}

/** UTF-8, or what a byte order mark says: PowerShell writes UTF-16. Bytes that are no text become U+FFFD, and fail with their statement. */
function decoded(bytes: Buffer): string {
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)
  const encoding = !isUtf16 ? 'utf-8' : bytes[0] === 0xff ? 'utf-16le' : 'utf-16be'
  return new TextDecoder(encoding).decode(bytes)
}
