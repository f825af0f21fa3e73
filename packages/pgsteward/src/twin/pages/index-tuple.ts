// Index tuples for the ends of a B-tree, where the planner looks for a column's real least and greatest value. Values are encoded as
// PostgreSQL stores them; types that are not encoded here leave the twin's index empty, and the planner with the histogram.

export interface EncodedValue {
  readonly bytes: Uint8Array
  readonly align: 1 | 2 | 4 | 8
}

const HAS_NULLS = 0x8000
const HEADER = 8
/** A bitmap for INDEX_MAX_KEYS columns, and padding. */
const HEADER_WITH_NULLS = 16
/** Far below a third of a page, which is the most that a B-tree takes. */
const LONGEST = 1000

const POSTGRES_EPOCH_DAYS = 10_957

/** Null: no such type here, or a value of no plain form. `type` as format_type writes it. */
export function encodeValue(type: string, text: string): EncodedValue | null {
  const base = type.replace(/\(.*?\)/, '').trim()
  switch (base) {
    case 'smallint':
      return fixed(2, (view) => view.setInt16(0, Number(text), true))
    case 'integer':
      return fixed(4, (view) => view.setInt32(0, Number(text), true))
    case 'oid':
      return fixed(4, (view) => view.setUint32(0, Number(text), true))
    case 'bigint':
      return fixed(8, (view) => view.setBigInt64(0, BigInt(text), true))
    case 'real':
      return Number.isFinite(Number(text)) ? fixed(4, (view) => view.setFloat32(0, Number(text), true)) : null
    case 'double precision':
      return Number.isFinite(Number(text)) ? fixed(8, (view) => view.setFloat64(0, Number(text), true)) : null
    case 'date': {
      const days = daysOf(text)
      return days === null ? null : fixed(4, (view) => view.setInt32(0, days, true))
    }
    case 'timestamp without time zone':
    case 'timestamp with time zone': {
      const microseconds = microsecondsOf(text)
      return microseconds === null ? null : fixed(8, (view) => view.setBigInt64(0, microseconds, true))
    }
    case 'uuid': {
      const hex = text.replaceAll('-', '')
      return /^[0-9a-f]{32}$/.test(hex) ? { bytes: Buffer.from(hex, 'hex'), align: 1 } : null
    }
    case 'text':
    case 'character varying':
    case 'character':
    case 'citext':
    case 'public.citext':
      return variable(new TextEncoder().encode(text))
    case 'numeric':
      return numeric(text)
    default:
      return null
  }
}

function fixed(size: 2 | 4 | 8, write: (view: DataView) => void): EncodedValue {
  const bytes = new Uint8Array(size)
  write(new DataView(bytes.buffer))
  return { bytes, align: size }
}

function variable(content: Uint8Array): EncodedValue | null {
  if (content.length > LONGEST) return null
  const isShort = content.length + 1 <= 127
  const bytes = new Uint8Array(content.length + (isShort ? 1 : 4))
  if (isShort) bytes[0] = ((content.length + 1) << 1) | 1
  else new DataView(bytes.buffer).setUint32(0, (content.length + 4) << 2, true)
  bytes.set(content, isShort ? 1 : 4)
  return { bytes, align: isShort ? 1 : 4 }
}

const DATE = /^(\d{4,6})-(\d\d)-(\d\d)$/

function daysOf(text: string): number | null {
  const match = DATE.exec(text)
  if (match === null) return null
  const at = Date.UTC(2000, Number(match[2]) - 1, Number(match[3]))
  const moved = new Date(at).setUTCFullYear(Number(match[1]), Number(match[2]) - 1, Number(match[3]))
  return Math.round(moved / 86_400_000) - POSTGRES_EPOCH_DAYS
}

/** With or without +00: sessions that read are in UTC. */
function microsecondsOf(text: string): bigint | null {
  const match = /^(\d{4,6}-\d\d-\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?(?:\+00)?$/.exec(text)
  const days = match === null ? null : daysOf(match[1]!)
  if (match === null || days === null) return null
  const seconds = (days * 24 + Number(match[2])) * 3600 + Number(match[3]) * 60 + Number(match[4])
  return BigInt(seconds) * 1_000_000n + BigInt((match[5] ?? '').padEnd(6, '0'))
}

/** Base-10000 digits behind a short header: sign, display scale and weight (numeric.c). */
function numeric(text: string): EncodedValue | null {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text)
  if (match === null) return null
  const [, sign, whole, fraction = ''] = match as unknown as [string, string, string, string | undefined]
  const left = whole.padStart(Math.ceil(whole.length / 4) * 4, '0')
  const right = fraction.padEnd(Math.ceil(fraction.length / 4) * 4, '0')
  const digits = [...`${left}${right}`.matchAll(/\d{4}/g)].map(([four]) => Number(four))
  let weight = left.length / 4 - 1
  while (digits.length > 0 && digits[0] === 0) {
    digits.shift()
    weight--
  }
  while (digits.length > 0 && digits.at(-1) === 0) digits.pop()
  if (digits.length === 0) weight = 0
  if (fraction.length > 63 || weight < -64 || weight > 63) return null
  const bytes = new Uint8Array(2 + 2 * digits.length)
  const view = new DataView(bytes.buffer)
  const negative = sign === '-' && digits.length > 0 ? 0x2000 : 0
  view.setUint16(
    0,
    0x8000 | negative | (fraction.length << 7) | (weight < 0 ? 0x40 | (weight & 0x3f) : weight),
    true,
  )
  for (const [place, digit] of digits.entries()) view.setInt16(2 + 2 * place, digit, true)
  return variable(bytes)
}

/** A leaf tuple of `columns` columns, of which all but the first are null, pointing at row `row` of the table's first page. */
export function indexTuple(value: EncodedValue, columns: number, row: number): Uint8Array {
  const start = columns > 1 ? HEADER_WITH_NULLS : HEADER
  const length = Math.ceil((start + value.bytes.length) / 8) * 8
  const tuple = new Uint8Array(length)
  const view = new DataView(tuple.buffer)
  view.setUint16(4, row, true)
  view.setUint16(6, length | (columns > 1 ? HAS_NULLS : 0), true)
  // one bit a column, set where there is a value
  if (columns > 1) tuple[HEADER] = 1
  tuple.set(value.bytes, start)
  return tuple
}
