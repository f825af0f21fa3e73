// Reads runs from a file: one run, several (a list, or one a line), a baseline, or what another load tool wrote; of a folder, from its
// JSON files.

import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { z } from 'zod'
import { wholeRuns } from '../../load/compact-runs.ts'
import { BASELINE_FORMAT, type Baseline, baselineSchema } from '../../model/baseline.ts'
import { StewardError } from '../../model/error.ts'
import { type LoadRun, loadRunSchema, RUN_FORMAT } from '../../model/load-run.ts'

/** Throws 'run-file', naming the first value that is wrong. */
export async function readRunFile(path: string): Promise<readonly LoadRun[]> {
  const names = await readdir(path).catch(() => null) // not a folder
  if (names === null) return readOneFile(path)
  const files = names.filter((name) => name.endsWith('.json')).sort()
  if (files.length === 0)
    throw unreadable(path, 'The folder holds no JSON file.', 'pgsteward load run --out FILE writes them.')
  return (await Promise.all(files.map((name) => readOneFile(join(path, name))))).flat()
}

/** Our own files are a few megabytes; what is larger is another tool's, and read as a stream. */
const MOST_OF_OURS_BYTES = 64 * 1024 ** 2

async function readOneFile(path: string): Promise<readonly LoadRun[]> {
  const { size } = await stat(path).catch(() => ({ size: 0 })) // told when it is read
  if (size > MOST_OF_OURS_BYTES) return importForeign(path)
  const text = await readText(path)
  const parsed = parseJson(text)
  if (parsed === null) return importForeign(path)
  const baseline = (parsed as { format?: unknown } | null)?.format
  if (typeof baseline === 'string' && baseline.startsWith('pgsteward-baseline/'))
    return asBaseline(parsed, path).runs
  const list = Array.isArray(parsed) ? parsed : [parsed]
  if (!list.some((each) => formatOf(each)?.startsWith('pgsteward-run/'))) return importForeign(path)
  if (list.length === 0) throw unreadable(path, 'It holds no run.')
  return list.map((each, at) => asRun(each, list.length === 1 ? path : `${path}, run ${at + 1}`))
}

/** Throws 'run-file' where the file is none. */
export async function readBaselineFile(path: string): Promise<Baseline> {
  const parsed = parseJson(await readText(path))
  if (!formatOf(parsed)?.startsWith('pgsteward-baseline/'))
    throw unreadable(
      path,
      'It is no baseline.',
      'pgsteward baseline create RUN... --out FILE makes one of runs.',
    )
  return asBaseline(parsed, path)
}

function asRun(value: unknown, where: string): LoadRun {
  refuseNewer(value, RUN_FORMAT, where)
  const parsed = loadRunSchema.safeParse(value)
  if (parsed.success) return parsed.data
  throw unreadable(where, wordsOf(parsed.error))
}

function asBaseline(value: unknown, where: string): Baseline {
  refuseNewer(value, BASELINE_FORMAT, where)
  const parsed = baselineSchema.safeParse(value)
  if (parsed.success) return { ...parsed.data, runs: [...wholeRuns(parsed.data.runs)] }
  throw unreadable(where, wordsOf(parsed.error))
}

function formatOf(value: unknown): string | undefined {
  const format = (value as { format?: unknown } | null)?.format
  return typeof format === 'string' ? format : undefined
}

function refuseNewer(value: unknown, known: string, where: string): void {
  const format = formatOf(value)
  if (format === known) return
  const [version, own] = [format, known].map((each) => Number(each?.split('/')[1]))
  throw unreadable(
    where,
    `Its format is ${format ?? 'not named'}; this pgsteward reads ${known}.`,
    version! > own! ? 'It was written by a newer pgsteward: update this one.' : undefined,
  )
}

/** The first three: one is usually the cause of the others. */
function wordsOf(error: z.ZodError): string {
  const words = error.issues.slice(0, 3).map((issue) => {
    const path = issue.path.join('.')
    if (issue.code === 'unrecognized_keys')
      return `${path === '' ? '' : `${path}: `}${issue.keys.join(', ')} ${issue.keys.length === 1 ? 'is' : 'are'} not known`
    return `${path}: ${issue.message}`
  })
  const more = error.issues.length - words.length
  return `${words.join('; ')}${more > 0 ? `; and ${more} more` : ''}.`
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // runs one a line; a foreign NDJSON has another format in its first line
    const lines = text.split('\n').filter((line) => line.trim() !== '')
    if (lines.length < 2 || !/"format"\s*:\s*"pgsteward-run\//.test(lines[0]!.slice(0, 200))) return null
    try {
      return lines.map((line) => JSON.parse(line))
    } catch {
      return null
    }
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    throw new StewardError('run-file', `${path} cannot be read`, {
      detail: code === 'ENOENT' ? 'There is no such file.' : code === 'EISDIR' ? 'It is a folder.' : message,
      hint: 'A run file, a baseline, or the result file of k6, autocannon, Artillery or pgbench.',
      cause,
    })
  }
}

/** What other tools wrote; loaded when it is needed. */
async function importForeign(path: string): Promise<readonly LoadRun[]> {
  const { importRuns } = await import('./import-run.ts')
  return importRuns([path])
}

function unreadable(where: string, detail: string, hint?: string): StewardError {
  return new StewardError('run-file', `${where} cannot be used`, {
    detail,
    hint: hint ?? 'pgsteward load run writes such files; pgsteward load import reads those of other tools.',
  })
}
