// A report as a file: JSON as it is, documents by the renderers of report/documents/.

import { StewardError } from '../../model/error.ts'
import type { Report } from '../../model/report.ts'

export const REPORT_FORMATS = ['md', 'html', 'json'] as const
export type ReportFormat = (typeof REPORT_FORMATS)[number]

/** `baseUrl`: where people open the dashboard, put before links; null: links stay paths. */
export type Renderer = (report: Report, options: { readonly baseUrl: string | null }) => string

/** The renderers of documents are put in here. */
const RENDERERS: Readonly<Partial<Record<ReportFormat, Renderer>>> = {
  json: (report) => `${JSON.stringify(report, null, 2)}\n`,
}

/** Throws 'usage' for a format that cannot be written here. */
export function rendered(report: Report, format: ReportFormat, baseUrl: string | null): string {
  const render = RENDERERS[format]
  if (render !== undefined) return render(report, { baseUrl })
  throw new StewardError('usage', `a report cannot be written as ${format} by this build`, {
    hint: '--format json has all of it.',
  })
}
