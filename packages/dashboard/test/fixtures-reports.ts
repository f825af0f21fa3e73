// Reports as the API would tell of them: one of each kind, as the renderings are tested with.

import { type ReportsWire, reportsWire } from '../../pgsteward/src/model/report-wire.ts'
import type { Report } from '../../pgsteward/src/model/wire.ts'

// by its address: the type checker has that folder's tests stand on this one's
const made = new URL('../../pgsteward/test/report/made-reports.ts', import.meta.url).href
const { MADE_REPORTS } = (await import(made)) as {
  readonly MADE_REPORTS: Readonly<Record<Report['kind'], Report>>
}

const NAMES: Readonly<Record<Report['kind'], string>> = {
  daily: '2026-11-22',
  weekly: '2026-W47',
  monthly: '2026-10',
  'index-health': '2026-W47',
  optimization: '2026-10',
  load: 'run-17',
  release: '2.32.0',
}

export function reports(): ReportsWire {
  return reportsWire.parse({
    schedule: [
      { kind: 'daily', at: '07:30', channels: [] },
      { kind: 'weekly', at: 'Mon 09:00', channels: ['team'] },
    ],
    timeZone: 'Europe/Berlin',
    folder: 'reports',
    reports: Object.values(MADE_REPORTS).map(({ kind, title, period, status, madeAt }) => ({
      targetId: 'messaging',
      kind,
      name: NAMES[kind],
      title,
      label: period.label,
      status: status?.level ?? null,
      endsAt: period.to,
      madeAt,
    })),
  })
}

export function noReports(): ReportsWire {
  return { ...reports(), schedule: [], reports: [] }
}

export function oneReport(kind: string): Report {
  return { ...MADE_REPORTS[kind as Report['kind']], targetId: 'messaging' }
}

export function madeReport() {
  return { targetId: 'messaging', kind: 'weekly', name: '2026-W47', page: '/reports/weekly/2026-W47' }
}
