// Reports as files, by name: reports/shop/weekly/2026-W47.html. A reader never finds half a file.

import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Report } from '../../model/report.ts'
import type { Milliseconds } from '../../model/units.ts'
import { renderHtml } from '../../report/documents/render-html.ts'
import { renderMarkdown } from '../../report/documents/render-markdown.ts'
import { REPORT_FORMATS, type ReportFormat } from './report-config.ts'

export function reportFile(report: Report, format: ReportFormat, baseUrl: string | null): string {
  switch (format) {
    case 'md':
      return renderMarkdown(report, { baseUrl })
    case 'html':
      return renderHtml(report, { baseUrl })
    case 'json':
      return `${JSON.stringify(report, null, 2)}\n`
  }
}

export interface FileOptions {
  readonly folder: string
  readonly formats: readonly ReportFormat[]
  readonly baseUrl: string | null
}

/** The paths that were written; one that was there is replaced. `name`: of the period, such as 2026-W47. */
export async function writeReport(
  report: Report,
  name: string,
  { folder, formats, baseUrl }: FileOptions,
): Promise<readonly string[]> {
  const place = join(folder, fileName(report.targetId), report.kind)
  await mkdir(place, { recursive: true })
  const paths: string[] = []
  for (const format of formats) {
    const path = join(place, `${fileName(name)}.${format}`)
    const beside = `${path}.${randomUUID()}.part`
    try {
      await writeFile(beside, reportFile(report, format, baseUrl))
      await rename(beside, path)
    } catch (error) {
      await rm(beside, { force: true })
      throw error
    }
    paths.push(path)
  }
  return paths
}

const NAME = new RegExp(`^(?!\\.)[\\w.-]+\\.(${REPORT_FORMATS.join('|')})(\\.[\\w-]+\\.part)?$`)

/**
 * Removes reports of one target and kind that were written longer ago, and what a process left half-written. Nothing that is named
 * otherwise is touched: people keep things beside them.
 */
export async function pruneFiles(
  folder: string,
  { targetId, kind }: Pick<Report, 'targetId' | 'kind'>,
  keepMs: Milliseconds,
  now: Date,
): Promise<readonly string[]> {
  const place = join(folder, fileName(targetId), kind)
  const removed: string[] = []
  for (const name of await readdir(place).catch(() => [])) {
    if (!NAME.test(name)) continue
    const path = join(place, name)
    const written = await stat(path).catch(() => null)
    if (written === null || !written.isFile() || now.getTime() - written.mtimeMs < keepMs) continue
    await rm(path, { force: true })
    removed.push(path)
  }
  return removed
}

/** Ids of targets may hold what leads out of a folder (..) or is no name on some system. */
export function fileName(text: string): string {
  return text.replace(/[^\w.-]/g, '_').replace(/^\.+/, '_')
}
