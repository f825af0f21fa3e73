// A record read back from its Markdown file: the JSON of its fences, and nothing else.

import { z } from 'zod'
import { StewardError } from '../../model/error.ts'
import type { GovernanceRecord } from '../../model/governance.ts'
import { recordWire } from '../../model/record-wire.ts'
import { ENTRY_FENCE, RECORD_FENCE } from './record-file.ts'

const headSchema = recordWire.omit({ entries: true }).extend({ entries: z.int().min(1) })
const entrySchema = recordWire.shape.entries.element

/** Null: no file of a record. Rejects with 'record-file' where it is one and is damaged, saying what. */
export function readRecordFile(source: string): GovernanceRecord | null {
  const fences = fencesOf(source.replace(/^\uFEFF/, ''))
  const heads = fences.filter(({ info }) => info === RECORD_FENCE)
  const entries = fences.filter(({ info }) => info === ENTRY_FENCE)
  if (heads.length === 0 && entries.length === 0) return null
  if (heads.length !== 1) throw damaged(`it has ${heads.length} heads instead of one`)
  const { entries: count, ...head } = read(headSchema, heads[0]!, 'its head')
  const told = entries.map((fence, at) => read(entrySchema, fence, `entry ${at}`))
  if (told.length !== count) throw damaged(`it has ${told.length} entries and says ${count}`)
  for (const [at, { seq }] of told.entries())
    if (seq !== at) throw damaged(`entry ${seq} stands where ${at} should`)
  return { ...head, entries: told.map((entry) => ({ ...entry, at: new Date(entry.at) })) }
}

interface Fence {
  readonly info: string
  /** Null: it never ends. */
  readonly text: string | null
}

/** Git may have put CRLF at the ends of lines; JSON does not mind, fences do. */
function fencesOf(source: string): readonly Fence[] {
  const fences: Fence[] = []
  const lines = source.split(/\r?\n/)
  for (let at = 0; at < lines.length; at++) {
    const info = /^```(json pgsteward-\w+)\s*$/.exec(lines[at]!)?.[1]
    if (info === undefined) continue
    const end = lines.findIndex((line, index) => index > at && /^```\s*$/.test(line))
    fences.push({ info, text: end === -1 ? null : lines.slice(at + 1, end).join('\n') })
    if (end === -1) break
    at = end
  }
  return fences
}

function read<T extends z.ZodType>(schema: T, { text }: Fence, what: string): z.output<T> {
  if (text === null) throw damaged(`${what} is cut off`)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw damaged(`${what} is no JSON: ${(error as Error).message}`)
  }
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw damaged(`${what}: ${issue?.path.join('.')} ${issue?.message}`)
}

function damaged(why: string): StewardError {
  return new StewardError('record-file', `the file of a record is damaged: ${why}`, {
    hint: 'Take it from git again; records are amended in pgsteward, never in their files.',
  })
}
