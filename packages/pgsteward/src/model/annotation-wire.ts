// Annotations as the API speaks of them.

import { z } from 'zod'
import { ANNOTATION_KINDS } from './annotation.ts'

const moment = z.iso.datetime()

export const annotationWire = z.object({
  kind: z.enum(ANNOTATION_KINDS),
  at: moment,
  /** Null: it was one moment, or it goes on. */
  until: moment.nullable(),
  isOngoing: z.boolean(),
  /** Of alerts alone. */
  severity: z.enum(['critical', 'warning']).nullable(),
  subject: z.string(),
  detail: z.string(),
  /** A finding's key, a maintenance job's number, a load run's id. Null: nowhere is more told. */
  ref: z.string().nullable(),
})

/** GET /targets/:target/annotations: alerts first, the critical before the warnings, then all else; of each the latest first. */
export const annotationsWire = z.object({
  annotations: z.array(annotationWire),
  /** How many more there are. */
  leftOut: z.number(),
})

export type AnnotationWire = z.output<typeof annotationWire>
export type AnnotationsWire = z.output<typeof annotationsWire>
