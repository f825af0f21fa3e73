// What of a team's practice and of applications the search finds.

import type { ApplicationSummary } from '../../model/application.ts'
import type { ChangeWire } from '../../model/change-wire.ts'
import type { IncidentWire } from '../../model/incident-wire.ts'
import type { OptimizationWire } from '../../model/optimization-wire.ts'
import type { KeptRun } from '../../store/load/load-store.ts'
import type { ReportEntry } from '../../store/report-store.ts'
import { type SearchEntry, searchEntry } from './search-entry.ts'
import { SEVERITY_WEIGHT } from './target-entries.ts'

const OVER = 0.1

export function applicationEntries(applications: readonly ApplicationSummary[]): readonly SearchEntry[] {
  return applications.map(({ application, environment, version }) =>
    searchEntry({
      kind: 'application',
      id: application,
      title: application,
      detail: [environment, version].filter((part) => part !== null && part !== '').join(' · '),
      weight: 1,
    }),
  )
}

type IncidentHead = Pick<IncidentWire, 'name' | 'title' | 'state' | 'severity' | 'openedAt'>

export function incidentEntries(incidents: readonly IncidentHead[]): readonly SearchEntry[] {
  return incidents.map(({ name, title, state, severity, openedAt }) => {
    const isOver = state !== 'open' && state !== 'mitigated'
    return searchEntry({
      kind: 'incident',
      id: name,
      title,
      detail: `${name} · ${state} · ${openedAt.slice(0, 10)}`,
      severity: isOver ? null : severity,
      weight: SEVERITY_WEIGHT[severity] * (isOver ? OVER : 1),
    })
  })
}

type OptimizationHead = Pick<OptimizationWire, 'name' | 'title' | 'state' | 'openedAt'>

export function optimizationEntries(optimizations: readonly OptimizationHead[]): readonly SearchEntry[] {
  return optimizations.map(({ name, title, state, openedAt }) =>
    searchEntry({
      kind: 'optimization',
      id: name,
      title,
      detail: `${name} · ${state} · ${openedAt.slice(0, 10)}`,
    }),
  )
}

export function changeEntries(changes: readonly ChangeWire[]): readonly SearchEntry[] {
  return changes.map(({ name, title, state, targetId }) =>
    searchEntry({
      kind: 'change',
      id: name,
      title,
      detail: [name, state, ...(targetId === null ? [] : [targetId])].join(' · '),
    }),
  )
}

export function reportEntries(reports: readonly ReportEntry[]): readonly SearchEntry[] {
  return reports.map(({ kind, name, title, label }) =>
    searchEntry({
      kind: 'report',
      id: `${kind}/${name}`,
      title,
      names: [name],
      detail: title.includes(label) ? kind : `${kind} · ${label}`,
    }),
  )
}

export function loadRunEntries(runs: readonly KeptRun[]): readonly SearchEntry[] {
  return runs.map(({ id, scenario, startedAt, ended }) =>
    searchEntry({
      kind: 'load-run',
      id,
      title: scenario.title,
      names: [scenario.id],
      detail: `${scenario.id} · ${startedAt.toISOString().slice(0, 16).replace('T', ' ')} · ${ended}`,
    }),
  )
}
