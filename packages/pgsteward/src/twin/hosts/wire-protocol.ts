// PostgreSQL's protocol as bytes, simple and extended, for a host that is spoken to without a socket.

import type { Answer } from './host.ts'

const utf8 = new TextDecoder()

export function encodeQuery(sql: string): Uint8Array {
  return joined(message('Q', cString(sql)))
}

/** Parse, Bind, Execute and Sync of the unnamed statement; parameters and results as text. */
export function encodeParametrised(sql: string, parameters: readonly string[]): Uint8Array {
  const values = parameters.flatMap((value) => {
    const text = toUtf8.encode(value)
    return [int32(text.length), text]
  })
  return joined([
    ...message('P', [NOTHING, ...cString(sql), int16(0)]),
    ...message('B', [NOTHING, NOTHING, int16(0), int16(parameters.length), ...values, int16(0)]),
    ...message('E', [NOTHING, int32(0)]),
    ...message('S', []),
  ])
}

type Parts = readonly Uint8Array[]

const toUtf8 = new TextEncoder()
/** The end of an empty name. */
const NOTHING = new Uint8Array(1)

function message(kind: string, body: Parts): Parts {
  const length = body.reduce((sum, part) => sum + part.length, 4)
  return [toUtf8.encode(kind), int32(length), ...body]
}

function cString(text: string): Parts {
  return [toUtf8.encode(text), NOTHING]
}

function int16(value: number): Uint8Array {
  return new Uint8Array([value >> 8, value])
}

function int32(value: number): Uint8Array {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setInt32(0, value)
  return bytes
}

function joined(parts: Parts): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

/** Rows of the last statement that returned any, and the error if there was one. */
export function decodeAnswer(bytes: Uint8Array): Answer {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let rows: (string | null)[][] = []
  let error: Answer['error'] = null
  for (let at = 0; at + 5 <= bytes.length; ) {
    const kind = String.fromCharCode(bytes[at]!)
    const end = at + 1 + view.getInt32(at + 1)
    if (kind === 'T') rows = []
    else if (kind === 'D') rows.push(dataRow(bytes, view, at + 5))
    else if (kind === 'E') error = errorOf(bytes.subarray(at + 5, end))
    at = end
  }
  return { rows, error }
}

function dataRow(bytes: Uint8Array, view: DataView, start: number): (string | null)[] {
  const values: (string | null)[] = []
  let at = start + 2
  for (let left = view.getInt16(start); left > 0; left--) {
    const length = view.getInt32(at)
    at += 4
    values.push(length < 0 ? null : utf8.decode(bytes.subarray(at, at + Math.max(0, length))))
    at += Math.max(0, length)
  }
  return values
}

function errorOf(body: Uint8Array): NonNullable<Answer['error']> {
  const fields = new Map(
    utf8
      .decode(body)
      .split('\0')
      .filter((field) => field !== '')
      .map((field) => [field[0]!, field.slice(1)]),
  )
  return { sqlState: fields.get('C') ?? null, message: fields.get('M') ?? 'unknown error' }
}
