// That a report was made, as channels tell of it.

import type { Report, ReportItem } from '../model/report.ts'
import { STATUS_WORDS } from '../report/documents/report-words.ts'

export interface ReportNews {
  readonly report: Report
  /** Of its period: 2026-W47. */
  readonly name: string
  /** To it in the dashboard; null: no public address is configured. */
  readonly link: string | null
  /** The same for links within it. */
  readonly baseUrl: string | null
}

const MOST_REASONS = 10

/** `Weekly report of shop (2026-W47): Yellow`. */
export function reportHeadline({ report: { title, targetId, status }, name }: ReportNews): string {
  const subject = title.includes(targetId) ? title : `${title} of ${targetId}`
  return `${subject} (${name})${status === null ? '' : `: ${STATUS_WORDS[status.level]}`}`
}

export function reasonsOf({ report: { status } }: ReportNews): {
  readonly lines: readonly ReportItem[]
  readonly left: number
} {
  const reasons = status?.reasons ?? []
  return { lines: reasons.slice(0, MOST_REASONS), left: Math.max(0, reasons.length - MOST_REASONS) }
}

/** The same each time it is sent, so that a receiver can drop a repetition. */
export function reportId({ report: { kind, targetId }, name }: ReportNews): string {
  return `report-${kind}-${targetId}-${name}`
}
