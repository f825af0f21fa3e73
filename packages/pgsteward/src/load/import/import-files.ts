// Results of any known load tool, read as runs: the format found out by content, one run a file, or files of one kind as one run.

import { StewardError } from '../../model/error.ts'
import { type LoadRun, loadRunSchema } from '../../model/load-run.ts'
import { detectFormat, formatOfDocument, type ImportFormat } from './detect-format.ts'
import type { ReadOptions } from './fold-files.ts'
import { type ForeignRun, runOfForeign, type ScenarioOfImport } from './foreign-run.ts'
import { placeOfJsonError } from './json-error-place.ts'
import { mergeRuns } from './merge-runs.ts'
import { readArtillery } from './read-artillery.ts'
import { readAutocannon } from './read-autocannon.ts'
import { readK6Stream } from './read-k6-stream.ts'
import { readK6Export, readK6HandleSummary, readK6SecondSummary } from './read-k6-summary.ts'
import { type FileHead, readHead, readWhole } from './read-lines.ts'
import { readOwn } from './read-own.ts'
import { readPgbenchAggregate, readPgbenchLog } from './read-pgbench-log.ts'
import { readPgbenchText } from './read-pgbench-text.ts'
import { readWrk } from './read-wrk.ts'

export interface ImportOptions extends ReadOptions {
  /** Whose definition the files' runs have; its thresholds are the caller's to judge. */
  readonly scenario?: ScenarioOfImport | null
  /** A name for a definition that is not known here. */
  readonly scenarioId?: string | undefined
  /** Files are parts of one run, such as those of several runners. */
  readonly merge?: boolean
}

type SummaryFormat = Exclude<
  ImportFormat,
  'pgsteward' | 'k6-ndjson' | 'k6-csv' | 'pgbench-log' | 'pgbench-aggregate'
>

interface FoundFile {
  readonly path: string
  readonly format: ImportFormat
  readonly head: FileHead
  /** Of formats that are one document of JSON. */
  readonly document: unknown
}

/** Throws 'run-file' for what can't be read. */
export async function importFiles(
  paths: readonly string[],
  options: ImportOptions = {},
): Promise<readonly LoadRun[]> {
  const files: FoundFile[] = []
  for (const path of paths) files.push(await find(path))
  if (options.merge !== true)
    return (await Promise.all(files.map((file) => readRuns([file], options)))).flat()
  const other = files.find(({ format }) => format !== files[0]?.format)
  if (other !== undefined)
    throw new StewardError('run-file', `${files[0]!.path} and ${other.path} are not of one kind`, {
      detail: `One is ${files[0]!.format}, the other ${other.format}; only parts of one run can be merged.`,
      hint: 'Leave --merge out to import them one by one.',
    })
  const runs = await readRuns(files, options)
  return runs.length < 2 ? runs : [mergeRuns(runs)]
}

async function find(path: string): Promise<FoundFile> {
  const head = await readHead(path)
  const detected = detectFormat(head.text)
  if (detected === null) throw unknownFormat(path, head)
  if (detected !== 'json') return { path, format: detected, head, document: null }
  const text = await textOf(path, head)
  const document = parseDocument(path, text)
  const format = formatOfDocument(document)
  if (format === null) throw unknownFormat(path, head)
  return { path, format, head, document }
}

function parseDocument(path: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    const { line, reason } = placeOfJsonError(text, cause as Error)
    throw new StewardError('run-file', `line ${line} of ${path} is not JSON`, {
      detail: reason,
      hint: 'Was the tool ended while it wrote the file, or something else printed into it?',
      cause,
    })
  }
}

async function readRuns(files: readonly FoundFile[], options: ImportOptions): Promise<readonly LoadRun[]> {
  const { format } = files[0]!
  if (format === 'pgsteward') return files.flatMap(({ path, document }) => readOwn(path, document))
  const names = files.map(({ path }) => path).join(', ')
  return (await readForeign(files, format, options)).map((foreign) =>
    believable(runOfForeign(foreign, options), names),
  )
}

/** What the readers let pass and can't be all the same, such as a negative mean. */
function believable(run: LoadRun, names: string): LoadRun {
  const parsed = loadRunSchema.safeParse(run)
  if (parsed.success) return parsed.data
  throw new StewardError('run-file', `${names} holds figures that cannot be`, {
    detail: parsed.error.issues
      .slice(0, 3)
      .map(({ path, message }) => `${path.join('.')}: ${message}`)
      .join('; '),
    hint: 'Was it changed by hand or by another program?',
  })
}

async function readForeign(
  files: readonly FoundFile[],
  format: Exclude<ImportFormat, 'pgsteward'>,
  options: ImportOptions,
): Promise<readonly ForeignRun[]> {
  const paths = files.map(({ path }) => path)
  switch (format) {
    case 'k6-ndjson':
    case 'k6-csv':
      return [await readK6Stream(paths, format, options)]
    case 'pgbench-log':
      return [await readPgbenchLog(paths, options)]
    case 'pgbench-aggregate':
      return [await readPgbenchAggregate(paths, options)]
    default:
      return (await Promise.all(files.map((file) => readSummary(file, format)))).flat()
  }
}

async function readSummary(
  { path, document, head }: FoundFile,
  format: SummaryFormat,
): Promise<readonly ForeignRun[]> {
  switch (format) {
    case 'k6-summary-export':
      return [readK6Export(path, document, head.modifiedAtMs)]
    case 'k6-handle-summary':
      return [readK6HandleSummary(path, document, head.modifiedAtMs)]
    case 'k6-summary-v2':
      return [readK6SecondSummary(path, document, head.modifiedAtMs)]
    case 'autocannon':
      return readAutocannon(path, document, head.modifiedAtMs)
    case 'artillery':
      return [readArtillery(path, document, head.modifiedAtMs)]
    case 'pgbench':
      return [readPgbenchText(path, await textOf(path, head), head.modifiedAtMs)]
    case 'wrk':
      return [readWrk(path, await textOf(path, head), head.modifiedAtMs)]
  }
}

async function textOf(path: string, head: FileHead): Promise<string> {
  return head.isWhole ? head.text : readWhole(path)
}

function unknownFormat(path: string, head: FileHead): StewardError {
  const first = head.text.trimStart().split('\n', 1)[0]!.slice(0, 80)
  return new StewardError('run-file', `${path} is not a result of a load tool that is known`, {
    detail: `It begins with: ${JSON.stringify(first)}`,
    hint: 'Read are: runs and baselines of pgsteward, k6 (NDJSON, CSV, summaries), autocannon --json, Artillery reports, pgbench (output, logs), wrk and wrk2.',
  })
}
