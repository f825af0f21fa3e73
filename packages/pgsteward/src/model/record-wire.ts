// Governance records as the API speaks of them: the parts that every kind shares, and whole records for export and import.

import { z } from 'zod'
import { RECORD_KINDS } from './governance.ts'

export const moment = z.iso.datetime({ offset: true })
/** One line. */
export const line = z.string().trim().min(1, 'some words, please').max(300)
/** As long as it takes. */
export const prose = z.string().trim().min(1, 'some words, please').max(20_000)
export const actorWire = z.string().trim().min(1).max(100).prefault('api')

/** An entry in words, for a timeline. */
export const toldEntryWire = z.object({
  seq: z.number(),
  at: moment,
  actor: z.string(),
  action: z.string(),
  /** Paragraphs; the first says what was done. */
  words: z.array(z.string()),
})
export type ToldEntryWire = z.output<typeof toldEntryWire>

export const actionItemWire = z.object({
  /** From 1, within the record. */
  number: z.number(),
  what: z.string(),
  owner: z.string().nullable(),
  due: moment.nullable(),
  doneAt: moment.nullable(),
  doneBy: z.string().nullable(),
})
export type ActionItemWire = z.output<typeof actionItemWire>

export const newActionItem = z.object({
  what: line,
  owner: line.nullable().prefault(null),
  due: moment.nullable().prefault(null),
})
export const actionDone = z.object({
  action: z.int().min(1),
  note: z.string().trim().max(20_000).prefault(''),
})

/** A record as it is kept, without loss. */
export const recordWire = z.object({
  kind: z.enum(RECORD_KINDS as [(typeof RECORD_KINDS)[number], ...typeof RECORD_KINDS]),
  number: z.int().min(1),
  targetId: z.string().nullable(),
  origin: z.string().nullable(),
  entries: z
    .array(
      z.object({
        seq: z.int().min(0),
        at: moment,
        actor: z.string(),
        action: z.string(),
        // taken as it is: z.record leaves some keys out
        body: z.custom<Readonly<Record<string, unknown>>>(
          (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
          'an object',
        ),
      }),
    )
    .min(1),
})
export type RecordWire = z.output<typeof recordWire>

export const importWire = z.object({ records: z.array(recordWire).max(200) })
export const importedWire = z.object({
  /** Entries that were not here before. */
  added: z.number(),
  refused: z.array(z.object({ name: z.string(), because: z.string() })),
})
export type ImportedWire = z.output<typeof importedWire>
