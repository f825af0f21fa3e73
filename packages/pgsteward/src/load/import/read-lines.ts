// Lines of a file, gzipped or not, a chunk at a time: a file of gigabytes never lies in memory.

import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { StewardError } from '../../model/error.ts'

const CHUNK_BYTES = 256 * 1024
const HEAD_BYTES = 64 * 1024
/** A line of k6 has 400 characters, one of a document that is no lines at all has millions. */
const MAX_LINE_CHARACTERS = 1024 * 1024

export interface FileHead {
  /** The text's begin, without a byte order mark. */
  readonly text: string
  readonly isWhole: boolean
  readonly sizeBytes: number
  readonly modifiedAtMs: number
}

/** Throws 'run-file' for what is not there, no file, empty, or no text in UTF-8. */
export async function readHead(path: string): Promise<FileHead> {
  try {
    const { size, mtimeMs, isDirectory } = await fileFacts(path)
    if (isDirectory)
      throw new StewardError('run-file', `${path} is a folder`, {
        hint: 'Name the files in it: FOLDER/*.json',
      })
    if (size === 0)
      throw new StewardError('run-file', `${path} is empty`, {
        detail: 'The tool that should have written it did not, or was ended before.',
      })
    const parts: Buffer[] = []
    let bytes = 0
    for await (const part of byteStream(path, await isGzip(path))) {
      parts.push(part)
      bytes += part.length
      if (bytes > HEAD_BYTES) break
    }
    const head = Buffer.concat(parts)
    refuseOtherThanText(path, head)
    const isWhole = bytes <= HEAD_BYTES
    return {
      text: withoutMark(head.subarray(0, HEAD_BYTES).toString('utf8')),
      isWhole,
      sizeBytes: size,
      modifiedAtMs: mtimeMs,
    }
  } catch (error) {
    throw asRunFileError(error, path)
  }
}

/** Whole lines, as they come, without their ends; `first` is the number of the first of them, from 1. */
export async function* readLines(
  path: string,
  signal?: AbortSignal,
): AsyncGenerator<{ readonly first: number; readonly lines: readonly string[] }> {
  try {
    yield* linesOf(byteStream(path, await isGzip(path)), path, signal)
  } catch (error) {
    throw asRunFileError(error, path)
  }
}

/** The same of a stream, such as a FIFO's. */
export async function* linesOf(
  stream: AsyncIterable<Buffer>,
  name: string,
  signal?: AbortSignal,
): AsyncGenerator<{ readonly first: number; readonly lines: readonly string[] }> {
  const decoder = new TextDecoder('utf-8')
  let rest = ''
  let first = 1
  for await (const chunk of stream) {
    if (signal?.aborted) return
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop()!
    if (rest.length > MAX_LINE_CHARACTERS)
      throw new StewardError('run-file', `line ${first + lines.length} of ${name} is over 1 MB long`, {
        detail: 'Files of single values have short lines.',
      })
    if (lines.length === 0) continue
    yield { first, lines }
    first += lines.length
  }
  rest += decoder.decode()
  if (rest !== '') yield { first, lines: [rest] }
}

/** A whole small file; throws 'run-file' for one that is too large to be a summary. */
export async function readWhole(path: string, maxBytes = 128 * 1024 ** 2): Promise<string> {
  try {
    const parts: Buffer[] = []
    let bytes = 0
    for await (const part of byteStream(path, await isGzip(path))) {
      parts.push(part)
      bytes += part.length
      if (bytes > maxBytes)
        throw new StewardError('run-file', `${path} is over ${maxBytes / 1024 ** 2} MB large`, {
          detail: 'It is one document; a result of a load tool is far smaller.',
        })
    }
    return withoutMark(Buffer.concat(parts).toString('utf8'))
  } catch (error) {
    throw asRunFileError(error, path)
  }
}

async function fileFacts(path: string) {
  const facts = await stat(path)
  return { size: facts.size, mtimeMs: facts.mtimeMs, isDirectory: facts.isDirectory() }
}

async function isGzip(path: string): Promise<boolean> {
  const file = await open(path)
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(2), 0, 2, 0)
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b
  } finally {
    await file.close()
  }
}

function byteStream(path: string, isCompressed: boolean): Readable {
  const file = createReadStream(path, { highWaterMark: CHUNK_BYTES })
  if (!isCompressed) return file
  const plain = createGunzip({ chunkSize: CHUNK_BYTES })
  file.on('error', (error) => plain.destroy(error))
  plain.on('close', () => file.destroy())
  return file.pipe(plain)
}

function refuseOtherThanText(path: string, head: Buffer): void {
  const [first, second] = head
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff) || isEverySecondNull(head))
    throw new StewardError('run-file', `${path} is text in UTF-16`, {
      detail: "Windows PowerShell's > writes it so; results are read in UTF-8.",
      hint: `Write it by the tool's own option, or convert it: iconv -f UTF-16 -t UTF-8 ${path}`,
    })
  if (head.includes(0))
    throw new StewardError('run-file', `${path} is not text`, {
      detail: 'It holds null bytes. Results of load tools are JSON, CSV or plain text.',
    })
}

function isEverySecondNull(head: Buffer): boolean {
  const sample = head.subarray(0, 200)
  const nulls = (from: number) => sample.filter((byte, at) => at % 2 === from && byte === 0).length
  return sample.length >= 4 && (nulls(1) > sample.length * 0.45 || nulls(0) > sample.length * 0.45)
}

function withoutMark(text: string): string {
  return text.startsWith('\ufeff') ? text.slice(1) : text
}

function asRunFileError(error: unknown, path: string): unknown {
  if (error instanceof StewardError || !(error instanceof Error)) return error
  const { code } = error as NodeJS.ErrnoException
  if (code === undefined) return error
  const message =
    code === 'ENOENT'
      ? `there is no file ${path}`
      : code === 'EISDIR'
        ? `${path} is a folder`
        : code === 'EACCES' || code === 'EPERM'
          ? `${path} may not be read`
          : code.startsWith('Z_')
            ? `${path} is damaged, or not compressed with gzip`
            : `${path} can't be read`
  return new StewardError('run-file', message, { detail: error.message, cause: error })
}
