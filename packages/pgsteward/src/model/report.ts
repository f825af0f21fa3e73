// A report as data: what every rendering (Markdown, HTML, JSON, the dashboard) is made of. Each number leads to its evidence.

import { z } from 'zod'

export const REPORT_KINDS = [
  'daily',
  'weekly',
  'monthly',
  'index-health',
  'optimization',
  'load',
  'release',
] as const
export type ReportKind = (typeof REPORT_KINDS)[number]

const moment = z.iso.datetime()
const unit = z.enum(['ms', 'bytes', 'ratio', 'count', 'perSecond', 'text'])
const severity = z.enum(['critical', 'warning', 'info'])

/** A path of the dashboard with its state (`/statements/42?target=shop`); a rendering puts the public address before it. Null: there is none. */
const link = z.string().nullable()
/** Null: not known, which is never shown as zero. */
const value = z.union([z.number(), z.string()]).nullable()

/** A number and what it is judged against. */
export const reportFigure = z.object({
  label: z.string(),
  value,
  unit,
  /** Of the period or baseline that it is compared with; null: there is nothing to compare. */
  was: z.number().nullable(),
  /** What it must not pass, or fall under. */
  limit: z.number().nullable(),
  judgement: z.enum(['good', 'bad', 'neutral']),
  /** A sentence: why it is judged so, or why it is not known. */
  note: z.string().nullable(),
  link,
})

export const reportChart = z.object({
  title: z.string(),
  unit,
  from: moment,
  to: moment,
  /** A null is a gap and drawn as one. */
  series: z.array(z.object({ label: z.string(), points: z.array(z.tuple([moment, z.number().nullable()])) })),
  /** Level lines, such as a limit. */
  levels: z.array(z.object({ label: z.string(), value: z.number() })),
  /** What happened: deployments, migrations, index builds, alerts. */
  marks: z.array(z.object({ at: moment, text: z.string(), kind: z.string() })),
  link,
})

export const reportTable = z.object({
  title: z.string().nullable(),
  columns: z.array(z.object({ label: z.string(), unit })),
  /** A cell a column. */
  rows: z.array(z.object({ cells: z.array(value), link })),
  /** Said where there are no rows. */
  empty: z.string(),
  /** Rows that were left out, for length. */
  more: z.number(),
})

export const reportItem = z.object({
  text: z.string(),
  severity: severity.nullable(),
  /** Under it, smaller. */
  detail: z.string().nullable(),
  link,
})

export const reportBlock = z.discriminatedUnion('is', [
  /** Plain words; `code` in backticks. */
  z.object({ is: z.literal('text'), text: z.string() }),
  z.object({ is: z.literal('figures'), figures: z.array(reportFigure) }),
  z.object({ is: z.literal('table'), table: reportTable }),
  z.object({ is: z.literal('chart'), chart: reportChart }),
  /** Findings, events, actions; `empty` is said where there are none. */
  z.object({
    is: z.literal('list'),
    title: z.string().nullable(),
    items: z.array(reportItem),
    empty: z.string(),
  }),
])

export const report = z.object({
  version: z.literal(1),
  kind: z.enum(REPORT_KINDS),
  targetId: z.string(),
  title: z.string(),
  /** `timeZone`: in which days, weeks and months begin, as IANA names it. */
  period: z.object({ from: moment, to: moment, timeZone: z.string(), label: z.string() }),
  madeAt: moment,
  /** The verdict, where the kind has one. Unknown is for a period of which too little is known to be called green. */
  status: z
    .object({ level: z.enum(['green', 'yellow', 'red', 'unknown']), reasons: z.array(reportItem) })
    .nullable(),
  /** Of the period, the share that was observed, and what was not. */
  coverage: z.object({
    ratio: z.number(),
    gaps: z.array(z.object({ from: moment, to: moment, because: z.string() })),
  }),
  sections: z.array(z.object({ id: z.string(), title: z.string(), blocks: z.array(reportBlock) })),
})

export type Report = z.output<typeof report>
export type ReportBlock = z.output<typeof reportBlock>
export type ReportChart = z.output<typeof reportChart>
export type ReportFigure = z.output<typeof reportFigure>
export type ReportItem = z.output<typeof reportItem>
export type ReportTable = z.output<typeof reportTable>
